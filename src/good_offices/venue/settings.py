"""The settings of a venue: one TOML file, every value with its bounds.

This module decides which settings are accepted. It never reads an environment variable, and an unknown setting is an
error: a limit that is misspelt must not be silently absent.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path
from typing import Annotated, Final

import msgspec

from good_offices.encoding import check_words
from good_offices.errors import LocalError, OperationalError

FORMAT: Final = 1
FILE: Final = "venue.toml"
_MAX_NAME: Final = 100
_ADDRESS: Final = re.compile(
    r"[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?(:[0-9]{1,5})?|\[[0-9a-f:]{2,40}\](:[0-9]{1,5})?"
)

_Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
_Seconds = Annotated[int, msgspec.Meta(ge=1, le=3600)]
_Bytes = Annotated[int, msgspec.Meta(ge=4096, le=1 << 50)]
# A request must fit the limit of `encoding.decode` at the desk when it comes back in a page.
_Request = Annotated[int, msgspec.Meta(ge=4096, le=8 * 1024 * 1024)]


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one desk, one address and all together may ask for; docs/operating-a-venue.md explains each."""

    body_bytes: _Request = 1024 * 1024
    request_bytes: _Request = 4 * 1024 * 1024
    page_bytes: _Request = 4 * 1024 * 1024
    register_bytes: _Bytes = 16 * 1024**3
    desks: _Count = 200
    open_boxes: _Count = 256
    desk_rate: _Count = 200
    desk_burst: _Count = 1000
    address_rate: _Count = 500
    address_burst: _Count = 2000
    connections: _Count = 4096
    streams_per_desk: _Count = 8
    waiting_entries: _Count = 8192
    waiting_bytes: _Bytes = 64 * 1024 * 1024
    header_seconds: _Seconds = 10
    body_seconds: _Seconds = 60
    write_seconds: _Seconds = 60
    idle_seconds: _Seconds = 75
    heartbeat_seconds: _Seconds = 15


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything in the settings file; `url` is what invitations say; see `offer` for what it is if empty."""

    format: int
    name: str
    origin: str
    url: str = ""
    database: str = "sqlite:venue.db"
    limits: Limits = Limits()


def read(path: Path) -> Settings:
    """Return the settings in the file `path`.

    Raises:
        LocalError: `venue-settings-invalid`, or `venue-folder-newer` for a later format.
        OperationalError: `venue-disk`.
    """
    try:
        text = path.read_text(encoding="utf-8")
        value = tomllib.loads(text)
    except OSError as failed:
        raise OperationalError("venue-disk", path=path, why=failed.strerror) from failed
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise LocalError("venue-settings-invalid", path=path, why=str(broken)) from broken
    version = value.get("format")
    # The version comes first: a newer file may have settings that would otherwise be called misspelt.
    if type(version) is int and version > FORMAT:
        raise LocalError("venue-folder-newer", path=path, version=version)
    try:
        settings = msgspec.convert(value, Settings, strict=True)
    except msgspec.ValidationError as broken:
        raise LocalError("venue-settings-invalid", path=path, why=str(broken)) from None
    if settings.format != FORMAT:
        raise LocalError("venue-settings-invalid", path=path, why=f"format {settings.format}")
    return settings


def write(name: str, url: str = "") -> str:
    """Return the text of a new settings file for the venue `name`.

    Raises:
        LocalError: `venue-name-invalid`.
    """
    try:
        check_words(name)
    except LocalError:
        raise LocalError("venue-name-invalid", name="this name") from None
    if not name.strip() or len(name) > _MAX_NAME or "\n" in name or "\t" in name:
        raise LocalError("venue-name-invalid", name=name[:_MAX_NAME] or "an empty name")
    return (
        "# Settings of this venue. docs/operating-a-venue.md lists every setting.\n"
        f"format = {FORMAT}\n"
        f"name = {_quoted(name)}\n"
        "# Part of every register's origin. It must never change once talks were offered.\n"
        f"origin = {_quoted(origin_of(name))}\n"
        "# The address that invitations name, such as https://venue.example\n"
        f"url = {_quoted(url)}\n"
        'database = "sqlite:venue.db"\n'
        "\n[limits]\n"
    )


def origin_of(name: str) -> str:
    """Return the first part of the origins of a venue with this name: printable ASCII without spaces, `+`, `/`.

    A name that is an address stays as it is. Of any other the letters and digits of ASCII remain, and of a name
    without them a digest, so that venues with different names are unlikely to have one origin.
    """
    if _ADDRESS.fullmatch(name):
        return name
    words = re.findall(r"[a-z0-9]+", name.lower())
    return "-".join(words)[:64] or f"venue-{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def _quoted(text: str) -> str:
    """Return a TOML basic string: JSON's escapes are a subset of TOML's."""
    return json.dumps(text, ensure_ascii=False)
