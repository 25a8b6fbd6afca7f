"""What each side learns from a sounding, said before anybody seals; and which acts a match can become.

This module decides these sentences (spec/soundings.md section 13) and what a form is filled in with. It posts nothing: a
match binds nobody, and what becomes of it is said by people, in the room where it belongs.

1. What is said before sealing is the same for every delegation and does not depend on marks.
2. A match becomes an act only by a member's own hand; what is filled in is neutral and can be changed.
"""

from __future__ import annotations

from typing import Any, Final

from good_offices.clerk import names
from good_offices.clerk.soundings import words
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.locale import N_, _, language
from good_offices.soundings.context import Listed, Option
from good_offices.talks.soundings import Sounding

_MEETING: Final = frozenset({"level", "date", "place", "host", "format"})
_OPTIONS: Final = (
    N_("Both delegations learn, at the same time, exactly those options that both accept."),
    N_(
        "Of an option that you refuse you learn nothing, and of it the other side learns no more than that you did not both accept it."
    ),
    N_("Whoever accepts an option learns whether the other side accepts it too. That is what a sounding is."),
)
_MANY: Final = (
    N_("All delegations learn, at the same time, exactly those options that all accept."),
    N_(
        "How many refuse an option, and who, nobody learns; but if all others together compare their marks, they learn yours on what they all accept."
    ),
)
_PACKAGES: Final = (
    N_("The packages are looked through in parts, in an order of chance, up to the first part with a match."),
    N_(
        "Both delegations learn, at the same time, all packages in that part that both accept, and that no part before it had one."
    ),
    N_("Of the parts that were not looked at nobody learns anything."),
)
_RANGE: Final = (
    N_("Both delegations learn, at the same time, whether the two ranges overlap: yes or no, and no figure."),
    N_("A refusal, and ranges that lie apart, look the same."),
    N_(
        "Another sounding with another scale would tell more; each is a list of its own that you can refuse without showing that you do."
    ),
)
_ALL: Final = (
    N_("If nothing matches, all read the words “No match.”, whatever anybody has marked."),
    N_("A delegation that has marked nothing refuses everything: a refusal proves no decision."),
    N_(
        "The host learns that a sounding runs, how long the list is and when it is answered. It does not learn what is sounded, who is willing, or whether anything matched."
    ),
    N_("The protocol has not yet been reviewed by cryptographers outside the project."),
)
_FIGURES: Final = (
    N_("To offer to open the figures is to show the wish to: the other side sees the offer at once."),
    N_(
        "When both offer it, each learns the range that the other gives, at the same time. What is given need not be what was sounded: nothing proves it equal."
    ),
    N_("A midpoint that is made public shows each side the limit of the other."),
)


def learns(desk: Desk, sounding: Sounding) -> list[str]:
    """Return what each side will learn, and what the host, in sentences: shown before marks are sealed (rule 1)."""
    first: tuple[str, ...]
    if sounding.kind == "packages":
        first = _PACKAGES
    elif sounding.kind == "range":
        first = _RANGE
    else:
        first = _OPTIONS if len(sounding.parties) == 2 else _MANY
    found = [_(one) for one in (*first, *_ALL)]
    if sounding.begun == "standing":
        found.append(
            _("This list comes again: whoever always accepts would see when the other side begins to.")
        )
    if desk.talks.roster.duty_desk(desk.identity.place.delegation, desk.common.ledger.size) is None:
        found.append(
            _(
                "Your delegation has no duty desk: that this desk answers at all shows that somebody sealed marks."
            )
        )
    return found


def figures_warning() -> list[str]:
    """Return what is said before the figures of a range are opened (spec/soundings.md section 8.3)."""
    return [_(one) for one in _FIGURES]


def becomes(desk: Desk, sounding: Sounding, index: int) -> list[dict[str, Any]]:
    """Return the acts that the match on an option (from 1) can become, each with what its form is filled in with (rule 2).

    `what` is `item` (`title`, `note`), `statement` (`text`, `language`) or `amendment` (`text`, `unit`, `slot`, `variant` from 1;
    the last three empty if the option names none).

    Raises:
        LocalError: `sounding-marks` if there is no such option.
    """
    listed = desk.talks.sounding.listed(sounding)
    if not 1 <= index <= len(listed.options):
        raise LocalError("sounding-marks", why="there is no such option")
    option = listed.options[index - 1]
    spoken = language() if language() in option.words else next(iter(option.words))
    called = words(option.words)
    if listed.about == "item":
        return [_item(called, ""), _statement(called, spoken)]
    if listed.about == "provision":
        return [*_amendment(desk, option), _statement(_subject(listed, called), spoken)]
    if listed.about in _MEETING:
        meeting = _("Meeting: {what}").format(what=called)
        return [_item(meeting, words(listed.subject)), _statement(meeting, spoken)]
    return [_statement(_subject(listed, called), spoken)]


def _item(title: str, note: str) -> dict[str, Any]:
    """Return an agenda item to be proposed."""
    return {"what": "item", "called": _("Propose an item of the agenda"), "title": title, "note": note}


def _statement(text: str, spoken: str) -> dict[str, Any]:
    """Return a statement to be made."""
    return {"what": "statement", "called": _("Say it in a statement"), "text": text, "language": spoken}


def _amendment(desk: Desk, option: Option) -> list[dict[str, Any]]:
    """Return the amendment to be drafted for an option within a provision, if that provision is still there."""
    where, _sep, variant = option.value.partition("=")
    text, _slash, rest = where.partition("/")
    unit, _slash, slot = rest.partition("/")
    known = desk.talks.plenary.texts.get(text)
    if known is None or unit not in known.instrument.places:
        return []
    called = _("Draft an amendment")
    return [
        {
            "what": "amendment",
            "called": called,
            "text": text,
            "unit": unit,
            "slot": slot,
            "variant": _number(variant),
        }
    ]


def _number(word: str) -> int:
    """Return the number of a variant, 0 for none."""
    return int(word) if names.is_number(word) else 0


def _subject(listed: Listed, called: str) -> str:
    """Return an option behind the subject of its list."""
    return f"{words(listed.subject)}: {called}"
