"""A sentence that knows what it was made of, so that whoever shows it may say it in another language.

This module decides how a sentence travels from the pure core to a person. It never looks anything up itself: who shows a
phrase gives the lookup, so that the core depends on no language.

1. A phrase is its English sentence; compared, stored or printed as it is, it is plain text.
2. Its message and facts stay with it. A fact may be a phrase, or an error, and is then said in the same language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from good_offices.errors import CATALOGUE, GoodOfficesError

Say: TypeAlias = Callable[[str], str]


class Phrase(str):
    """An English sentence with the message and the facts it was made of."""

    __slots__ = ("facts", "message")

    message: str
    facts: Mapping[str, object]

    def __deepcopy__(self, _memo: dict[int, Any]) -> Phrase:
        """Return the phrase itself: nothing in it changes."""
        return self


def phrase(message: str, /, **facts: object) -> Phrase:
    """Return a phrase; the message is marked with `N_` where it stands in the source."""
    made = Phrase(message.format(**facts) if facts else message)
    made.message, made.facts = message, facts
    return made


def refused(code: str, facts: Mapping[str, object]) -> tuple[Phrase, Phrase]:
    """Return the sentence and the remedy of a code; a fact that is text may be a phrase of the program."""
    known = {name: phrase(fact) if type(fact) is str else fact for name, fact in facts.items()}
    entry = CATALOGUE[code]
    return phrase(entry.message, **known), phrase(entry.remedy, **known)


def told(words: object, say: Say) -> object:
    """Return words by the given lookup; whatever is neither a phrase nor an error stands as it is."""
    if isinstance(words, GoodOfficesError):
        return told(refused(words.code, words.facts)[0], say)
    if not isinstance(words, Phrase):
        return words
    sentence = say(words.message)
    if not words.facts:
        return sentence
    return sentence.format(**{name: told(fact, say) for name, fact in words.facts.items()})
