"""A refusal in the reader's language.

This module decides what a person sees of an error or of a verdict. `errors` stays below every language: its own
`str()` is English, for logs and for developers; whoever shows an error to a person asks here.

1. The sentence and the remedy are looked up by their English form, then filled with the facts.
2. A fact that is itself a phrase of the program is looked up as well; any other fact stands as it is.
3. A code is the same in every language: programs go by the code, people by the sentence.
"""

from __future__ import annotations

from collections.abc import Mapping

from good_offices.errors import GoodOfficesError
from good_offices.locale import _
from good_offices.locale.phrases import refused, told


def spoken(error: GoodOfficesError) -> tuple[str, str]:
    """Return the sentence and the remedy of an error in the current language."""
    return sentences(error.code, error.facts)


def sentences(code: str, facts: Mapping[str, object]) -> tuple[str, str]:
    """Return the sentence and the remedy of a code with its facts in the current language."""
    sentence, remedy = refused(code, facts)
    return str(told(sentence, _)), str(told(remedy, _))
