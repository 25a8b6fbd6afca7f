"""Who can keep an original: the delegations, and the depositaries that all have admitted.

This module decides how they are called, and which one a word names. It never decides who keeps it.
"""

from __future__ import annotations

from good_offices.clerk import names
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError


def keepers(desk: Desk) -> dict[str, str]:
    """Return who can keep an original, by id: every delegation by its name, then every depositary that all have admitted."""
    admitted = {name: one.called for name, one in desk.talks.plenary.depositaries.items()}
    called = names.delegations(desk)
    # A depositary may call itself as a delegation does: then its number is what tells them apart.
    taken = list(called.values())
    for name, words in admitted.items():
        alike = words in taken
        called[name] = f"{words} ({name[:8]})" if alike else words
        taken.append(words)
    return called


def keeper(desk: Desk, word: str) -> str:
    """Return the id of the delegation or admitted depositary that a word names: a name, an id, or its beginning.

    Raises:
        LocalError: `depositary-not-known`.
    """
    known = keepers(desk)
    plain = "".join(word.split()).lower()
    found = [one for one, name in known.items() if word == name or plain == one]
    found = found or [one for one in known if len(plain) >= 4 and one.startswith(plain)]
    if len(found) != 1:
        raise LocalError("depositary-not-known", names=", ".join(known.values()))
    return found[0]
