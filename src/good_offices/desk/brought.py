"""What a file is that somebody brought to found a desk with, in facts that people can check before they go on.

This module decides what is told of an invitation or a hand-over file. It never tells the secret in it, and writes nothing.

1. A file is taken for what it calls itself; what is neither is said to be so, and not to be damaged.
2. The host's fingerprint is that of the genesis in the file, or of the host to which the talks have moved: whoever knows the host compares it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from good_offices.desk.identity import MAX_FILE, HandOver, Person, read_invitation
from good_offices.desk.terms import Left
from good_offices.encoding import unpack
from good_offices.errors import LocalError
from good_offices.register.genesis import Genesis
from good_offices.register.host import HostKeys
from good_offices.talks.soundings import read_calendar

_FORM: Final = re.compile(rb"good-offices/(invitation|hand-over)/([0-9]{1,4})(?![0-9])")
_KNOWN: Final = b"1"


@dataclass(frozen=True)
class Brought:
    """What a file says: `person` and `delegation` are None in a host's invitation; `lists` is how many standing lists it has."""

    address: str
    venue: str
    fingerprint: str
    parties: int
    talks: str
    person: Person | None = None
    delegation: str | None = None
    compared: bool = False
    lists: int = 0

    @property
    def is_first(self) -> bool:
        """Whether the desk will be the first of its delegation."""
        return self.person is None


def brought(data: bytes) -> Brought:
    """Return what a file says that a desk can be founded with (rules 1 and 2).

    Raises:
        LocalError: `file-not-for-founding`, `file-of-newer-release`, `file-for-founding-damaged`, `too-large`,
            `calendar-not-signed`, `calendar-unusable`.
    """
    if len(data) > MAX_FILE:
        raise LocalError("too-large", what="the file", size=len(data), limit=MAX_FILE)
    forms = _FORM.findall(data)
    if not forms:
        raise LocalError("file-not-for-founding")
    if all(version != _KNOWN for _, version in forms):
        raise LocalError("file-of-newer-release")
    try:
        found = read_invitation(data)
    except LocalError as broken:
        if broken.code != "invitation-damaged":
            raise
        raise LocalError("file-for-founding-damaged") from broken
    place = found.place if isinstance(found, HandOver) else found
    genesis = Genesis.parse(place.genesis)
    keys = genesis.keys
    left = found.left if isinstance(found, HandOver) else {}
    for name in sorted(left):
        if name.startswith(f"parted/{place.common}/"):
            keys = HostKeys(unpack(left[name], Left).host)
    told = Brought(
        address=place.url,
        venue=keys.origin.partition("/")[0] or urlsplit(place.url).netloc,
        fingerprint=keys.fingerprint,
        parties=len(genesis.delegations),
        talks=place.talks.hex(),
        lists=len(read_calendar(found.calendar).lists) if found.calendar else 0,
    )
    if not isinstance(found, HandOver):
        return told
    return replace(
        told, person=found.person, delegation=found.delegation_name, compared=found.number is not None
    )
