"""The communiqué: what the delegations release together, and nothing else. See spec/communique.md.

This module decides what the acts of a communiqué do, and what its record in clear says. It never releases anything: a desk
hands the record to the host.

1. A text without brackets and blanks, with words in all its authentic languages, is proposed with what the public reads
   beside it; every delegation accepts the same content (R-130, R-131).
2. What all have accepted each delegation signs, in clear, by a desk whose member may release (R-134). Who has not signed
   withdraws alone (R-135); a signature cannot be taken back, because whoever holds all of them could show them.
3. It is released when all have signed, not before the embargo by its author's clock (R-136).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from good_offices.encoding import pack
from good_offices.errors import LocalError
from good_offices.register import communique as clear
from good_offices.register.communique import Communique
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ACT
from good_offices.talks.events_communique import (
    CommuniqueAccepted,
    CommuniqueProposed,
    CommuniqueReleased,
    CommuniqueSigned,
    CommuniqueWithdrawn,
)
from good_offices.talks.joint import Joint
from good_offices.talks.plenary import PlenaryState, Step, accepted
from good_offices.talks.releases import Release, Signature
from good_offices.talks.roster import RosterState
from good_offices.talks.state import evolve
from good_offices.talks.textual import text_of
from good_offices.talks.verdict import Place
from good_offices.text.brackets import open_points
from good_offices.text.model import Instrument, name_of
from good_offices.text.rendering import clean
from good_offices.text.tables import put

# What a printed label has beside its letters and figures.
_MARKS: Final = "*_ "


def words_of(instrument: Instrument, language: str) -> str:
    """Return the words of a text in a language as they are released (spec/communique.md R-133).

    Raises:
        LocalError: `language-missing`, `brackets-remain`.
    """
    parts = [
        " ".join(part for part in (unit.label.strip(_MARKS), clean(unit, language).strip()) if part)
        for unit in instrument.units
    ]
    return "\n\n".join(part for part in parts if part)


def record_of(talks: bytes, instrument: Instrument, event: CommuniqueProposed) -> bytes:
    """Return the record in clear of a proposal, as the bytes that are signed (spec/communique.md R-132).

    Raises:
        LocalError: `communique-differs`, `language-missing`, `brackets-remain`.
        RemoteError: as `register.communique.check`.
    """
    if event.digest != instrument.digest:
        raise LocalError("communique-differs", why="its words were changed since")
    points = open_points(instrument)
    if points:
        where = ", ".join(name_of(instrument.unit(unit)) for unit in list(points)[:5])
        raise LocalError("communique-differs", why=f"brackets or blanks remain: {where}")
    if event.titles.keys() != set(instrument.authentic):
        raise LocalError("communique-differs", why="not one title for each authentic language")
    communique = Communique(
        talks=talks,
        names=dict(sorted(event.names.items())),
        titles=dict(sorted(event.titles.items())),
        words={tag: words_of(instrument, tag) for tag in sorted(instrument.authentic)},
        embargo=event.embargo,
        embargo_words=event.embargo_words,
    )
    clear.check(communique)
    record = pack(communique)
    clear.read_record(record)  # as long as a reader takes it, and no longer
    return record


def communique_proposed(
    plenary: PlenaryState, roster: RosterState, place: Place, event: CommuniqueProposed
) -> Step:
    """Propose a text for release; to propose the same again is to accept it (R-130)."""
    name = event.content.hex()
    if name not in plenary.communiques:
        _check_names(plenary, roster, event)
        text = text_of(plenary, event.instrument)
        release = Release(
            by=place.delegation,
            instrument=event.instrument,
            digest=event.digest,
            record=record_of(roster.talks, text.instrument, event),
            embargo=event.embargo,
        )
        plenary = _with(plenary, name, release)
    again = CommuniqueAccepted(communique=event.content, until=event.until)
    return communique_accepted(plenary, roster, place, again)


def _check_names(plenary: PlenaryState, roster: RosterState, event: CommuniqueProposed) -> None:
    """Refuse names in public that the modalities do not know (R-130)."""
    if plenary.modalities is None:
        raise LocalError("communique-differs", why="no modalities are in force that say who is called how")
    known = plenary.modalities.modalities.names
    if event.names.keys() != set(roster.expected):
        raise LocalError("communique-differs", why="not one name for each delegation")
    for delegation, name in event.names.items():
        if name not in {called[delegation] for called in known.values()}:
            raise LocalError("communique-differs", why="a name that the modalities do not have")


def communique_accepted(
    plenary: PlenaryState, roster: RosterState, place: Place, event: CommuniqueAccepted
) -> Step:
    """Accept a communiqué by the hash of its proposal (R-131)."""
    release = _known(plenary, event.communique)
    if release.accepted is not None:
        raise LocalError("communique-accepted")
    if text_of(plenary, release.instrument).instrument.digest != release.digest:
        raise LocalError("communique-differs", why="its words were changed since")
    subjects = (f"{release.instrument}/#communique",)
    fresh = Joint(event="CommuniqueProposed", content=event.communique, subjects=subjects, accepted={})
    plenary, _, complete, effects = accepted(plenary, roster, place, fresh, event.until)
    if complete:
        stands = msgspec.structs.replace(release, accepted=place.index)
        plenary = _with(plenary, event.communique.hex(), stands)
    return plenary, effects


def communique_signed(
    plenary: PlenaryState, roster: RosterState, place: Place, event: CommuniqueSigned
) -> Step:
    """Sign the record in clear of what all have accepted (R-134)."""
    release = _standing(plenary, event.communique)
    held = release.signed.get(place.delegation)
    if held is not None and roster.book.desk_at(held.author, place.index) is not None:
        raise LocalError("communique-signed-already")
    ACT.verify(Domain.COMMUNIQUE, place.desk.act, event.signature, release.record)
    mine = Signature(author=place.author, signature=event.signature, done=place.here)
    signed = dict(sorted({**release.signed, place.delegation: mine}.items()))
    new = msgspec.structs.replace(release, signed=signed)
    return _with(plenary, event.communique.hex(), new), ()


def communique_withdrawn(
    plenary: PlenaryState, _roster: RosterState, place: Place, event: CommuniqueWithdrawn
) -> Step:
    """Withdraw from a communiqué that one's own delegation has not signed (R-135)."""
    release = _known(plenary, event.communique)
    if place.delegation in release.signed:
        raise LocalError("communique-signed-already")
    new = msgspec.structs.replace(release, withdrawn=place.delegation)
    rest = put(plenary.joint, {}, without=(event.communique.hex(),))
    return _with(evolve(plenary, joint=rest), event.communique.hex(), new), ()


def communique_released(
    plenary: PlenaryState, roster: RosterState, place: Place, event: CommuniqueReleased
) -> Step:
    """Release what all have signed, after the embargo (R-136)."""
    release = _standing(plenary, event.communique)
    if release.released is not None:
        raise LocalError("communique-released-already")
    missing = unsigned(release, roster, place.index)
    if missing:
        raise LocalError("communique-signatures-missing", who=in_public(release, missing))
    allowed = plenary.modalities.modalities.release if plenary.modalities else ()
    if allowed and place.delegation not in allowed:
        raise LocalError("communique-not-releasing")
    if place.time < release.embargo:
        raise LocalError("communique-embargo", until=embargo_in_words(release))
    new = msgspec.structs.replace(release, released=place.here)
    return _with(plenary, event.communique.hex(), new), ()


def unsigned(release: Release, roster: RosterState, size: int) -> list[str]:
    """Return the delegations without a signature by a desk that stands at a size (R-134)."""
    return [
        one
        for one in roster.expected
        if one not in release.signed or roster.book.desk_at(release.signed[one].author, size) is None
    ]


def in_public(release: Release, delegations: Iterable[str]) -> str:
    """Return delegations by the names that the public reads, in one line."""
    names = clear.read_record(release.record).names
    return ", ".join(names[one] for one in delegations)


def embargo_in_words(release: Release) -> str:
    """Return the hour of an embargo: its words, else its number."""
    return clear.read_record(release.record).embargo_words or str(release.embargo)


def _known(plenary: PlenaryState, content: bytes) -> Release:
    """Return a communiqué that was proposed and from which nobody has withdrawn.

    Raises:
        LocalError: `communique-unknown`, `communique-withdrawn`.
    """
    release = plenary.communiques.get(content.hex())
    if release is None:
        raise LocalError("communique-unknown")
    if release.withdrawn:
        raise LocalError("communique-withdrawn")
    return release


def _standing(plenary: PlenaryState, content: bytes) -> Release:
    """Return a communiqué that all have accepted.

    Raises:
        LocalError: as `_known`; `communique-not-accepted`.
    """
    release = _known(plenary, content)
    if release.accepted is None:
        raise LocalError("communique-not-accepted")
    return release


def _with(plenary: PlenaryState, name: str, release: Release) -> PlenaryState:
    """Return the state with one communiqué replaced."""
    return evolve(plenary, communiques=put(plenary.communiques, {name: release}))
