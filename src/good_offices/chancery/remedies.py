"""What to do now, for somebody who is at a screen and not at a command line.

This module decides which remedy a page shows. The catalogue of errors speaks to both; a remedy that names a verb or an option
would send a reader of pages to another program.

1. A code whose remedy names a verb or an option has a sentence of its own here, or the neutral one.
2. Sentence and code stay those of the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from good_offices.errors import GoodOfficesError
from good_offices.locale import N_, _
from good_offices.locale.refusals import sentences

_NEUTRAL: Final = N_("go back, look at the page as it stands now, and do the step again from there")
_COMPARE: Final = N_(
    "compare the keys with the other delegation, on the page of the people; then do this again"
)
_WAITS: Final = N_(
    "your acts wait, sealed, at this desk and are sent as soon as the host answers; nothing is to be done"
)
_SIGNATURE: Final = N_(
    "look at the page of the signature: it shows what is on record and what waits for your delegation"
)
_REMEDIES: Final[Mapping[str, str]] = {
    "by-courier": N_(
        "take the desk to where the host can be reached, do this there, and write letters again afterwards"
    ),
    "capital-only-reads": N_("give instructions in the caucus; a member at the table acts on them"),
    "capital-waits": N_("wait until another desk of your delegation has been online: it hands the key over"),
    "annex-pieces": N_("file it again in the plenary; a file has at most 32 MiB"),
    "annex-unknown": N_("choose one of the annexes beside the plenary"),
    "consent-missing": N_("ask the other members for their consent, in the caucus under “Four eyes”"),
    "consent-rule": N_("tick what must not leave alone, and say how many must consent; or end the rule"),
    "words-in-group": N_("give it another title; or refer the result to that room together"),
    "words-in-caucus": N_("give it another title; or say first in the caucus that these words may be heard"),
    "closing-differs": N_(
        "when all have signed the text, draw the closing record up anew, on the page of the signature"
    ),
    "closing-not-complete": N_(
        "every delegation signs the closing record, on the page of the signature; then export again"
    ),
    "closing-signature-stands": N_(
        "if the talks have moved on, draw up a new closing record, and let all sign that"
    ),
    "closing-unsigned": N_(
        "let all sign, and confirm what was signed ad referendum; if the talks end without signature, tick that under “Other ways to close”"
    ),
    "cosignatures-missing": N_("wait until a desk of each delegation has been online, then export again"),
    "full-powers-empty": N_("choose the document as a file, or say that the powers rest on the office"),
    "full-powers-none": _SIGNATURE,
    "full-powers-several": _SIGNATURE,
    "full-powers-unknown": _SIGNATURE,
    "keys-not-compared-here": _COMPARE,
    "no-text-tabled": N_("put a draft on the table, on the page of the text"),
    "none-ready": N_("the page of the text shows how far each provision has come"),
    "not-pending": N_("look at the overview: it shows what waits for your delegation now"),
    "room-closed-to-us": N_("wait for the host; if it stays so, your delegation has not admitted this desk"),
    "signature-unknown": _SIGNATURE,
    "state-differs": N_(
        "compare releases and records with the other delegation, on the page of doubts in the record"
    ),
    "text-closed": N_(
        "if nobody has signed it, all can reopen it together, among the steps for the whole text"
    ),
    "venue-overloaded": _WAITS,
    "venue-unreachable": _WAITS,
}
_OF_ANOTHER_PROGRAM: Final = ("goodoffices ", "GOODOFFICES", " --", "`")


def on_screen(error: GoodOfficesError) -> tuple[str, str]:
    """Return the sentence of an error and what a reader of pages can do, in the current language."""
    return for_page(error.code, error.facts)


def for_page(code: str, facts: Mapping[str, object]) -> tuple[str, str]:
    """Return the sentence of a code and what a reader of pages can do, in the current language (rule 1)."""
    sentence, remedy = sentences(code, facts)
    return sentence, hint_for_page(code, remedy)


def hint_for_page(code: str, hint: str | None) -> str:
    """Return the hint of a verdict, as the catalogue has it, in the form for readers of pages (rule 1); empty without one."""
    if code in _REMEDIES:
        return _(_REMEDIES[code])
    return remedy_for_page(hint) if hint else ""


def remedy_for_page(remedy: str) -> str:
    """Return a remedy, or the neutral one if it names what is no page."""
    return _(_NEUTRAL) if any(one in remedy for one in _OF_ANOTHER_PROGRAM) else remedy
