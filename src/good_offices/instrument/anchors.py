"""Trust anchors: which numbers the reader of a file has compared with the parties by another channel.

This module decides what counts as a match. It never takes a number from the file that it judges.

1. A fingerprint has 64 hexadecimal digits; spaces and capitals are as people copy them and make no difference.
2. `required` are those the reader expects in this very file: one that is not in it refuses the file.
3. `known` are those the reader keeps, like an address book: every delegation among them establishes trust.
4. A trust file has one entry a line: a fingerprint and a name in words, or a host's verifier key; `#` is a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from good_offices.errors import GoodOfficesError, LocalError
from good_offices.register.host import HostKeys

MAX_LINE: Final = 8192
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")
_VKEY: Final = re.compile(r"\S+\+[0-9a-f]{8}\+\S+")
# A fingerprint as printed may be in groups; what follows 64 digits is the label.
_LINE: Final = re.compile(r"((?:[0-9A-Fa-f][ :]?){63}[0-9A-Fa-f])(?:\s+(\S.*))?")


@dataclass(frozen=True, slots=True)
class Anchors:
    """What the reader trusts: fingerprints expected, fingerprints known with their labels, hosts by their keys."""

    required: frozenset[str] = frozenset()
    known: Mapping[str, str] = field(default_factory=dict)
    hosts: tuple[HostKeys, ...] = ()

    @property
    def all(self) -> frozenset[str]:
        """Every fingerprint that is trusted."""
        return self.required | self.known.keys()

    def host(self, origin: str) -> HostKeys | None:
        """Return the trusted keys of the host of a register, if the trust file names them."""
        return next((one for one in self.hosts if one.origin == origin), None)


NO_ANCHORS: Final = Anchors()


@dataclass(frozen=True, slots=True)
class Beside:
    """What the reader gives beside the file: anchors, and for a bare receipt its leaf and genesis."""

    anchors: Anchors = NO_ANCHORS
    genesis: bytes | None = None
    leaf: bytes | None = None


def anchors_of(roots: Iterable[str] = (), trust: str | None = None) -> Anchors:
    """Return the anchors of the command line: `--root` fingerprints and the text of `--trust` (section 8).

    Raises:
        LocalError: `root-malformed`, `trust-malformed`.
    """
    known: dict[str, str] = {}
    vkeys: list[str] = []
    for number, line in enumerate((trust or "").splitlines(), 1):
        text = line.strip()
        found = _LINE.fullmatch(text) if len(text) <= MAX_LINE else None
        if found:
            known[fingerprint(found[1])] = found[2] or ""
        elif _VKEY.fullmatch(text):
            vkeys.append(text)
        elif text and not text.startswith("#"):
            raise LocalError("trust-malformed", line=number)
    try:
        hosts = tuple(HostKeys(vkeys[at : at + 2]) for at in range(0, len(vkeys), 2))
    except GoodOfficesError:
        raise LocalError("trust-malformed", line="with a host's key") from None
    return Anchors(frozenset(fingerprint(one) for one in roots), known, hosts)


def fingerprint(text: str) -> str:
    """Return a fingerprint in its plain form: 64 hexadecimal digits.

    Raises:
        LocalError: `root-malformed`.
    """
    plain = re.sub(r"[\s:]", "", text).lower()
    if not _FINGERPRINT.fullmatch(plain):
        raise LocalError("root-malformed")
    return plain
