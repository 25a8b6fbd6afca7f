"""What `verify` finds: whether a file holds, how far it can be trusted, what it proves and what it does not.

This module decides the words and their order. It never says more than was checked.

1. `valid` speaks of the file alone: that nothing in it contradicts anything else in it.
2. `trust` is established only by numbers that the reader compared by another channel.
3. What a file cannot prove is said every time, whether anybody asks or not.
4. Sentences are phrases: English as they stand, and said in another language by whoever shows them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from good_offices.errors import GoodOfficesError
from good_offices.locale import N_
from good_offices.locale.phrases import phrase, refused

Trust: TypeAlias = Literal["established", "unestablished"]

NOT_COMPLETE: Final = phrase(
    N_(
        "that nothing else stands in the register, such as a later closing record: "
        "only whoever holds every entry can replay the talks"
    )
)
NOT_ARRIVAL: Final = phrase(N_("when an entry arrived: arrival times are the host's word"))
NOT_CLAIMED: Final = phrase(
    N_("when an act was done, or that a document or place it names exists: these are its author's claims")
)
NOT_IDENTITY: Final = phrase(
    N_(
        "identity, capacity and time: anyone can make a whole talks with fresh keys; "
        "compare these numbers with the parties"
    )
)
NOT_EFFECT: Final = phrase(
    N_(
        "that the act had effect: this needs the rules and every entry before it, "
        "and an act may be void or superseded"
    )
)
NOT_NAMED: Final = phrase(
    N_("that the delegations moved their talks to this host: an outcome or a disclosed act shows that")
)
NOT_HOST: Final = phrase(N_("whose host this is: compare the host's number with the host"))


@dataclass(frozen=True, slots=True)
class Failed:
    """The first thing that does not hold: its code in the catalogue, the sentence, and what to do now."""

    code: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A signatory for people: delegation by its own name, and by which act."""

    delegation: str
    name: str
    capacity: str
    how: str
    instrument: str
    index: int
    act: str
    full_powers: str | None
    claimed_ms: int
    # For people alone; spec/outcome.md section 10.3 lists what the JSON holds.
    first_how: str = ""
    confirmed: int | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Rooted:
    """A delegation's roots: `root` is the one it was introduced with, `now` the one in force; anchors may name either."""

    delegation: str
    name: str
    root: str
    now: str
    trusted: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A disclosed act that is neither credentials nor outcome: a statement, a note, a date."""

    delegation: str
    name: str
    event: str
    language: str
    text: str
    index: int
    claimed_ms: int


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A desk that cosigned a state of the register that includes all that is shown before the closing record."""

    delegation: str
    desk: str
    size: int
    claimed_s: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a depositary signed that it received: the hash with corrections, if any, its number, when by its claim."""

    corrected: str | None
    number: int
    claimed_ms: int


@dataclass(frozen=True, slots=True)
class Deposit:
    """Who keeps the original, where, by which entry; of one that is no delegation its key's fingerprint and its receipts."""

    instrument: str
    depositary: str
    place: str
    index: int
    claimed_ms: int
    key: str = ""
    received: tuple[Receipt, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperSigned:
    """An original on paper that all delegations say was signed: the hash of its scan, where, when, by whom."""

    instrument: str
    scan: str
    place: str
    date: str
    signatories: tuple[tuple[str, str, str], ...]
    index: int
    claimed_ms: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """The procès-verbal of signature that all delegations agreed, by language."""

    instrument: str
    words: dict[str, str]
    index: int
    claimed_ms: int


@dataclass(frozen=True, slots=True)
class Certified:
    """What a depositary certified: of which text, by which member, in which words, with which corrections."""

    delegation: str
    name: str
    capacity: str
    instrument: str
    digest: str
    corrected: str | None
    corrections: tuple[tuple[str, str, str, str], ...]
    language: str
    words: str
    place: str
    date: str
    claimed_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The result of `verify` (spec/outcome.md section 10)."""

    form: str
    valid: bool
    trust: Trust = "unestablished"
    failed: Failed | None = None
    proves: tuple[str, ...] = ()
    does_not_prove: tuple[str, ...] = ()
    text: dict[str, str] = field(default_factory=dict)
    signatories: tuple[Signed, ...] = ()
    statements: tuple[Said, ...] = ()
    agenda: tuple[str, ...] = ()
    roots: tuple[Rooted, ...] = ()
    cosigned_by: tuple[Cosigner, ...] = ()
    deposits: tuple[Deposit, ...] = ()
    papers: tuple[PaperSigned, ...] = ()
    records: tuple[Recorded, ...] = ()
    certified: Certified | None = None
    talks: str = ""
    number: str = ""
    host: str = ""
    # The numbers of the hosts to which the talks moved, in order; `host` is that of the first.
    hosts: tuple[str, ...] = ()
    origin: str = ""
    size: int = 0


def refusal(form: str, broken: GoodOfficesError) -> Finding:
    """Return the finding of a file of this form that does not hold."""
    return Finding(
        form=form,
        valid=False,
        failed=Failed(broken.code, *refused(broken.code, broken.facts)),
        does_not_prove=(phrase(N_("anything, because it does not hold")),),
    )
