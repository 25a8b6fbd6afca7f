"""Genesis: the entry at index 0 of a register, which fixes host, versions and delegations.

This module decides what a genesis is. It never decides whether its host's keys are the right ones: people
compare them, and the talks id, by another channel.

1. The talks id is SHA-256 of the genesis body of the common register.
2. Suite and rules are those this release knows; a desk without them stops.
3. The origin is `<host>/t/<register id>`; both verifier keys of the host bear its name.
4. Delegations are ids in ascending order, each once; two or more.
5. A caucus register names the talks and the one delegation that it serves. Host, suite, rules and delegations are
   those of the common register.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from good_offices.encoding import Record, pack
from good_offices.errors import GoodOfficesError, LocalError, RemoteError
from good_offices.register.forms import read
from good_offices.register.host import HostKeys
from good_offices.register.tree import HASH

FORM: Final = "good-offices/genesis/1"
SUITE: Final = "GO-1"
RULES: Final = 1
MAX_DELEGATIONS: Final = 64
MAX_GENESIS: Final = 16 * 1024

_ID: Final = re.compile(r"[0-9a-f]{32}")


class Caucus(Record, frozen=True):
    """Whose register it is, when it is not the common one."""

    talks: bytes
    delegation: str


class Genesis(Record, frozen=True):
    """The body of entry 0 (spec/register.md section 10); `host` holds the two vkey lines."""

    form: str
    suite: str
    rules: int
    origin: str
    host: list[str]
    delegations: list[str]
    register: str
    caucus: Caucus | None

    @classmethod
    def of(
        cls, keys: HostKeys, register: str, delegations: Iterable[str], caucus: Caucus | None = None
    ) -> Genesis:
        """Return the genesis of the register with id `register`, whose keys bear its origin.

        Raises:
            LocalError: `genesis-invalid`.
        """
        genesis = cls(
            form=FORM,
            suite=SUITE,
            rules=RULES,
            origin=keys.origin,
            host=keys.vkeys,
            delegations=sorted(delegations),
            register=register,
            caucus=caucus,
        )
        _check(genesis, LocalError)
        return genesis

    @classmethod
    def parse(cls, body: bytes) -> Genesis:
        """Return the genesis that `body` stands for (spec/register.md section 10).

        Raises:
            RemoteError: `too-large`, `not-canonical`, `unknown-version` or `genesis-invalid`.
        """
        genesis = read(body, cls, FORM, what="the genesis", limit=MAX_GENESIS)
        _check(genesis, RemoteError)
        return genesis

    def body(self) -> bytes:
        """Return the bytes of the entry."""
        return pack(self)

    @property
    def keys(self) -> HostKeys:
        """The host's keys for this register."""
        return HostKeys(self.host)

    def check_caucus(self, common: bytes) -> None:
        """Pass if this is a caucus genesis under the common genesis with the body `common` (rule 5).

        Raises:
            RemoteError: as `parse` for `common`; `genesis-invalid`.
        """
        other = Genesis.parse(common)
        if self.caucus is None or other.caucus is not None or self.caucus.talks != talks_id(common):
            raise RemoteError("genesis-invalid", why="not a caucus of these talks")
        if self.register == other.register or self.keys.named(other.origin) != other.keys:
            raise RemoteError("genesis-invalid", why="a caucus with another host or the same register")
        if self.delegations != other.delegations:
            raise RemoteError("genesis-invalid", why="a caucus of other delegations")


def talks_id(body: bytes) -> bytes:
    """Return the talks id: SHA-256 of the body of the common genesis, 32 bytes (rule 1)."""
    return hashlib.sha256(body).digest()


def _check(genesis: Genesis, error: type[LocalError | RemoteError]) -> None:
    """Refuse what rules 2 to 5 exclude."""
    if genesis.suite != SUITE:
        raise error("unknown-version", what="the suite of the genesis", version=genesis.suite[:64])
    if genesis.rules != RULES:
        raise error("unknown-version", what="the rules of the genesis", version=genesis.rules)
    ids = (genesis.register, *genesis.delegations)
    if not all(_ID.fullmatch(one) for one in ids):
        raise error("genesis-invalid", why="an id that is not 32 hexadecimal digits")
    if not genesis.origin.endswith(f"/t/{genesis.register}") or genesis.origin.startswith("/"):
        raise error("genesis-invalid", why="an origin of another register")
    try:
        keys = HostKeys(genesis.host)
    except GoodOfficesError:
        raise error("genesis-invalid", why="verifier keys that are not a host's pair") from None
    if keys.origin != genesis.origin:
        raise error("genesis-invalid", why="verifier keys of another origin")
    if not 2 <= len(genesis.delegations) <= MAX_DELEGATIONS:
        raise error("genesis-invalid", why="too few or too many delegations")
    if genesis.delegations != sorted(set(genesis.delegations)):
        raise error("genesis-invalid", why="delegations out of order or repeated")
    if genesis.caucus is not None and (
        len(genesis.caucus.talks) != HASH or genesis.caucus.delegation not in genesis.delegations
    ):
        raise error("genesis-invalid", why="a caucus of no talks or of no delegation")
