"""A refusal in the reader's language.

This module decides what a person sees of an error or of a verdict. `errors` stays below every language: its own
`str()` is English, for logs and for developers; whoever shows an error to a person asks here.

1. The sentence and the remedy are looked up by their English form, then filled with the facts.
2. A fact that is itself a phrase of the program is looked up as well; any other fact stands as it is.
3. A code is the same in every language: programs go by the code, people by the sentence.
4. A fact that is a list of code words is told in words (`_CODES`): it stays one of codes in the verdict, which is compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from good_offices.errors import GoodOfficesError
from good_offices.locale import N_, _
from good_offices.locale.naming import listed
from good_offices.locale.phrases import refused, told

_CODES: Final[Mapping[tuple[str, str], Mapping[str, str]]] = {
    ("convening-rule-unmet", "missing"): {
        "readiness": N_("a declaration of readiness"),
        "notice": N_("the days of notice"),
        "expectations": N_("expectations, opened together"),
        "deliverables": N_("a joint list without brackets"),
        "no-open-point": N_("provisions without an open point"),
        "agreed": N_("provisions that are agreed"),
    },
}


def spoken(error: GoodOfficesError) -> tuple[str, str]:
    """Return the sentence and the remedy of an error in the current language."""
    return sentences(error.code, error.facts)


def sentences(code: str, facts: Mapping[str, object]) -> tuple[str, str]:
    """Return the sentence and the remedy of a code with its facts in the current language."""
    sentence, remedy = refused(code, {name: _in_words(code, name, fact) for name, fact in facts.items()})
    return str(told(sentence, _)), str(told(remedy, _))


def _in_words(code: str, name: str, fact: object) -> object:
    """Return a fact with its code words in words (rule 4)."""
    known = _CODES.get((code, name))
    if known is None:
        return fact
    return listed([_(known[one]) if one in known else one for one in str(fact).split(", ")])
