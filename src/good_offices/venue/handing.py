"""Handing a letter in for a courier: from a file to the server that runs on this venue's folder.

This module decides where the server is. It never reads a letter: the server does, as from anybody.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import httpx

from good_offices.encoding import unpack
from good_offices.errors import OperationalError, RemoteError
from good_offices.transport.pages import Problem
from good_offices.venue.folder import ADDRESS, Folder

_LOOPBACK: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 -- compared with, never listened on


def hand_in(folder: Folder, letter: bytes) -> bytes:
    """Return the pouch with which the server of this folder answers a letter (spec/transport.md rule 9.5).

    Raises:
        OperationalError: `venue-not-served`, or `letter-refused` with the server's reason.
    """
    path = folder.path / ADDRESS
    if not path.is_file():
        raise OperationalError("venue-not-served", path=folder.path)
    url = urlsplit(path.read_text(encoding="ascii").strip())
    host = _LOOPBACK.get(url.hostname or "", url.netloc.rpartition(":")[0])
    address = f"{url.scheme}://{host}:{url.port}/v1/pouch"
    try:
        # The certificate names the venue, not this machine; letter and pouch prove themselves.
        answer = httpx.post(address, content=letter, timeout=60, trust_env=False, verify=False)  # noqa: S501
    except httpx.TransportError:
        raise OperationalError("venue-not-served", path=folder.path) from None
    if not answer.is_success:
        raise OperationalError("letter-refused", why=_reason(answer.content))
    return answer.content


def _reason(body: bytes) -> str:
    """Return the server's sentence on a refusal."""
    try:
        return unpack(body, Problem, what="the refusal", limit=64 * 1024).message
    except RemoteError:
        return "something else than a venue answered"
