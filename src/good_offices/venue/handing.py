"""Handing a letter in for a courier: from a file to the server that runs on this venue's folder.

This module decides where the server is. It never reads a letter: the server does, as from anybody.
"""

from __future__ import annotations

import ssl
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from good_offices.encoding import unpack
from good_offices.errors import OperationalError, RemoteError
from good_offices.transport.pages import Problem
from good_offices.venue.folder import ADDRESS, Folder

_LOOPBACK: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 -- compared with, never listened on


def hand_in(folder: Folder, letter: bytes) -> bytes:
    """Return the pouch with which the server of this folder answers a letter (spec/transport.md rule 9.5).

    Raises:
        OperationalError: `venue-not-served`, or `letter-refused` with the server's reason.
    """
    path = folder.path / ADDRESS
    if not path.is_file():
        raise OperationalError("venue-not-served", path=folder.path)
    try:
        with closing(_connection(path.read_text(encoding="ascii").strip())) as connection:
            connection.request("POST", "/v1/pouch", body=letter)
            answer = connection.getresponse()
            content = answer.read()
    except (OSError, HTTPException):
        raise OperationalError("venue-not-served", path=folder.path) from None
    if answer.status != HTTPStatus.OK:
        raise OperationalError("letter-refused", why=_reason(content))
    return content


def _connection(address: str) -> HTTPConnection:
    """Return a connection to the server that wrote down its address; `http.client` asks no environment for a proxy."""
    url = urlsplit(address)
    host = _LOOPBACK.get(url.hostname or "", url.hostname or "")
    if url.scheme == "http":
        return HTTPConnection(host, url.port, timeout=60)
    # The certificate names the venue, not this machine; letter and pouch prove themselves.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return HTTPSConnection(host, url.port, timeout=60, context=context)


def _reason(body: bytes) -> str:
    """Return the server's sentence on a refusal."""
    try:
        return unpack(body, Problem, what="the refusal", limit=64 * 1024).message
    except RemoteError:
        return "something else than a venue answered"
