"""What people call things, and what the record calls them.

This module decides which delegation, provision, proposal, item or entry a word that somebody typed means. It never
chooses between two: a word that could mean either is refused.
"""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from good_offices.clerk import provisions
from good_offices.desk.desk import Desk
from good_offices.desk.record import Book, Line
from good_offices.encoding import pack
from good_offices.errors import LocalError
from good_offices.locale.moments import moment
from good_offices.talks.acts import Act, act_hash
from good_offices.talks.joint import Joint
from good_offices.talks.plenary import PlenaryState
from good_offices.text.model import Instrument, Unit
from good_offices.text.state import TextState

_SHORT: Final = 8
_LONGEST_NUMBER: Final = 12
# Small letters of Cyrillic and Greek that look, small or capital, like Latin ones (from the table of UTS 39).
_TWINS: Final = str.maketrans(
    "авгеһікӏјмнорстухѕԁԛԝαβεηικμνορτυχζ01l", "abrehiklimhopctyxsdqwabehikmvoptyxzoii"
)


def delegations(desk: Desk, unnamed: str = "") -> dict[str, str]:
    """Return the name of every delegation by its id: its own name, once it is accredited, else `unnamed` or a short number."""
    roster = desk.talks.roster
    known = {
        name: one.accreditation.name if one.accreditation else "" for name, one in roster.delegations.items()
    }
    place = desk.identity.place.delegation
    known[place] = known.get(place) or desk.identity.delegation_name
    every = {**dict.fromkeys(roster.expected), **known}
    return apart({name: known.get(name) or unnamed or name[:_SHORT] for name in every}, place, unnamed)


def apart(called: dict[str, str], own: str, unnamed: str = "") -> dict[str, str]:
    """Return the names of delegations so that no two look alike: one that looks like ours or an earlier one bears its number.

    A delegation names itself. Rule 3 of `encoding.plaintext` keeps scripts from mixing in a word, and not a whole word of
    another script from looking like one of ours.
    """
    seen = {looks(called[own]), looks(unnamed)} - {""} if own in called else set()
    found = {}
    for name, words in called.items():
        alike = name != own and words != unnamed and (looks(words) in seen or not looks(words))
        seen.add(looks(words))
        found[name] = f"{words} ({name[:_SHORT]})" if alike else words
    return found


def looks(words: str) -> str:
    """Return what is left of a name for the eye: letters and figures, those that look alike as one."""
    plain = unicodedata.normalize("NFKD", words).casefold()
    return "".join(one for one in plain if one.isalnum()).translate(_TWINS)


def printed(desk: Desk) -> dict[str, str]:
    """Return the ids of delegations by the names under which a text may attribute a variant to them."""
    names = delegations(desk)
    return {name: one for one, name in names.items() if list(names.values()).count(name) == 1}


def delegation(desk: Desk, word: str) -> str:
    """Return the id of the delegation that a word names.

    Raises:
        LocalError: `delegation-unknown`.
    """
    names = delegations(desk)
    found = [one for one, name in names.items() if word in (name, one)]
    found = found or [one for one in names if len(word) >= 4 and one.startswith(word)]
    if len(found) != 1:
        raise LocalError("delegation-unknown", names=", ".join(names.values()))
    return found[0]


def member(desk: Desk, word: str) -> str:
    """Return the id of the member of one's own delegation that a word names: id, its beginning, or the whole name.

    Raises:
        LocalError: `member-unknown`.
    """
    own = desk.identity.place.delegation
    books = (desk.talks.roster.book, desk.home.caucus.book)
    known = {name: one for book in books for name, one in book.members.items() if one.delegation == own}
    named = [name for name, one in known.items() if one.given and one.given[-1].accreditation.name == word]
    named = named or _guests(desk, word, own)
    found = named or [name for name in known if len(word) >= 4 and name.startswith(word)]
    if len(found) != 1:
        raise LocalError("member-unknown")
    return found[0]


def _guests(desk: Desk, word: str, own: str) -> list[str]:
    """Return the member ids of the guests of this name whom a delegation has brought, each once."""
    roster = desk.talks.roster
    found = {
        roster.book.desks[name].statement.member
        for name, one in roster.guests.invited.items()
        if name in roster.book.desks
        and one.invitations
        and one.invitations[-1].terms.guest == word
        and roster.book.desks[name].statement.delegation == own
    }
    return sorted(found)


def state(desk: Desk, room: str = "plenary") -> PlenaryState:
    """Return the state of the plenary, or of the group with this id as this desk reads it: of one that it does not, an empty one.

    Raises:
        LocalError: `room-unknown`.
    """
    return desk.talks.plenary if room == "plenary" else desk.talks.room_state(desk.room_id(room))


def text_named(plenary: PlenaryState, name: str | None) -> TextState:
    """Return the text with this id, or the only one on the table.

    Raises:
        LocalError: `instrument-unknown`, `no-text-tabled`, `text-not-named`.
    """
    if name is not None:
        if name not in plenary.texts:
            raise LocalError("instrument-unknown")
        return plenary.texts[name]
    if not plenary.texts:
        raise LocalError("no-text-tabled")
    if len(plenary.texts) > 1:
        raise LocalError("text-not-named", names=", ".join(sorted(plenary.texts)))
    return next(iter(plenary.texts.values()))


def unit(text: TextState, word: str) -> Unit:
    """Return the provision that a word names: its id, or its label or what a screen calls it, if only one is called so.

    Raises:
        LocalError: `unit-unknown`, `unit-ambiguous`.
    """
    instrument = text.instrument
    if word in instrument.places:
        return instrument.unit(word)
    labels = {word, word + "."}
    found = [one for one in instrument.units if one.label.strip("*_ ") in labels]
    # What stands alone under a heading is called as it is: the heading is meant.
    called = (
        [] if found else [one for one in instrument.units if word.casefold() in _called(instrument, one.id)]
    )
    found = found or [one for one in called if one.kind in provisions.HEADINGS] or called
    if not found:
        raise LocalError("unit-unknown", unit=word)
    if len(found) > 1:
        raise LocalError("unit-ambiguous", unit=word, ids=", ".join(one.id for one in found[:6]))
    return found[0]


def _called(instrument: Instrument, name: str) -> set[str]:
    """Return what a provision is called on a screen in any of its languages; of an article or a heading its number too."""
    words: set[str] = set()
    for tag in instrument.authentic:
        one = provisions.called(instrument, tag)[name]
        words |= {one.whole.casefold()}
        if instrument.unit(name).kind in provisions.HEADINGS and one.number:
            words |= {one.number.casefold(), one.number.split()[-1].casefold()}
    return words


def amendments(plenary: PlenaryState, instrument: str) -> dict[str, Joint]:
    """Return the pending amendments of a text by the names their authors gave them."""
    found = {}
    for one in plenary.joint.values():
        if one.proposals and one.subjects[0].startswith(instrument + "/"):
            first = one.proposals[0]
            found[first if len(one.proposals) == 1 else first.rpartition(".")[0]] = one
    return found


def key(word: str, keys: Iterable[str], code: str) -> str:
    """Return the one key that begins with a word of hexadecimal digits, at least four.

    Raises:
        LocalError: `code`.
    """
    plain = word.lower()
    found = [
        one
        for one in keys
        if len(plain) >= 4 and set(plain) <= set(string.hexdigits) and one.startswith(plain)
    ]
    if len(found) != 1:
        raise LocalError(code)
    return found[0]


def item(plenary: PlenaryState, word: str) -> str:
    """Return the agenda item that a word names: its title or the beginning of its number.

    Raises:
        LocalError: `item-unknown`.
    """
    titled = [name for name, one in plenary.agenda.items() if one.title == word]
    return titled[0] if len(titled) == 1 else key(word, plenary.agenda, "item-unknown")


def line(book: Book[Any], index: int) -> Line:
    """Return one entry of a record.

    Raises:
        LocalError: `no-such-entry-here`.
    """
    if not 0 <= index < book.ledger.size:
        raise LocalError("no-such-entry-here", index=index, size=book.ledger.size)
    return next(iter(book.lines(index, index + 1)))


def event_at(desk: Desk, index: int) -> Any:
    """Return the event of the act at an entry of the common register; of a confirmation (R-46), the event that it confirms."""
    act = line(desk.common, index).act
    event: Any = act.event if act else None
    return event_at(desk, event.index) if event is not None and event.name == "ActConfirmed" else event


def is_number(word: str) -> bool:
    """Tell whether a word can be the number of an entry."""
    return word.isdecimal() and len(word) < _LONGEST_NUMBER


def act_at(book: Book[Any], word: str) -> Line:
    """Return the entry with the act that a word names: the entry's number, or the beginning of the act's hash.

    Raises:
        LocalError: `no-such-entry-here`, `entry-no-act`, `act-not-found`; `paper-no-evidence` of what nobody has signed.
    """
    if is_number(word):
        found = line(book, int(word))
        if "aside" in found.verdict.facts:
            raise LocalError("paper-no-evidence", index=found.index)
        if found.act is None:
            raise LocalError("entry-no-act", index=found.index)
        return found
    hashes = {hash_of(one.act).hex(): one for one in book.lines() if one.act is not None}
    return hashes[key(word, hashes, "act-not-found")]


def hash_of(act: Act | None) -> bytes:
    """Return the hash of an act: its bytes are canonical, so that they are packed again as they were signed."""
    return act_hash(pack(act))


def author(desk: Desk, certificate: bytes) -> tuple[str, str]:
    """Return the names of an act's delegation and member, as far as they are known."""
    at_home = desk.home.caucus.book.desks.get(certificate.hex())
    statement = at_home.statement if at_home else desk.talks.roster.certificate(certificate)
    if statement is None:
        return "", ""
    names = delegations(desk)
    guest = desk.talks.roster.guests.invited.get(certificate.hex())
    if statement.guest:
        last = guest.invitations[-1].terms.guest if guest and guest.invitations else ""
        return "", last or statement.member[:_SHORT]
    for members in (desk.talks.roster.book.members, desk.home.caucus.book.members):
        one = members.get(statement.member)
        if one is not None and one.given:
            return names.get(statement.delegation, ""), one.given[-1].accreditation.name
    return names.get(statement.delegation, ""), statement.member[:_SHORT]


def when(milliseconds: int) -> str:
    """Return a time as people read it everywhere."""
    return f"{moment(milliseconds):%Y-%m-%d %H:%M:%S} UTC"


def until(word: str | None) -> int | None:
    """Return milliseconds since 1970 of a date and time as written in ISO 8601; a time without zone is UTC.

    Raises:
        LocalError: `time-unreadable`.
    """
    if word is None:
        return None
    try:
        moment = datetime.fromisoformat(word)
    except ValueError:
        raise LocalError("time-unreadable") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
