"""The root key in a form: the kit that was chosen, typed, or lies in the folder, and its passphrase.

This module decides from where a step takes the root key. It keeps no root key: a kit is read, used and forgotten; between a
refusal and the next try the kit itself is held in memory, sealed as it is.
"""

from __future__ import annotations

from typing import Final

from good_offices.chancery.holding import HOLDING
from good_offices.chancery.visit import Visit
from good_offices.clerk import kits
from good_offices.clerk.kits import Role
from good_offices.desk.kits import RootKey, root_of
from good_offices.errors import LocalError

_KIT: Final = "kit/{role}"


def root_from(visit: Visit, role: Role = "root") -> RootKey:
    """Return the root key, or the successor's, that a form brings.

    Raises:
        LocalError: `kit-not-chosen`, `kit-damaged`, `passphrase-wrong`.
    """
    return root_of(_words(visit, role), str(visit.form.get("passphrase", "")))


def shown(visit: Visit, role: Role = "root") -> dict[str, object]:
    """Return what the form says of the kit: the file in the folder, or that one is held since the last try."""
    there = kits.in_force(visit.desk, role)
    held = HOLDING.get(visit.session, _KIT.format(role=role)) is not None
    return {"role": role, "there": there.name if there else "", "held": held}


def forget(visit: Visit) -> None:
    """Hold no kit any longer."""
    for role in ("root", "successor"):
        HOLDING.drop(visit.session, _KIT.format(role=role))


def _words(visit: Visit, role: Role) -> str:
    """Return the words of the kit: typed, chosen, held since the last try, or in the folder."""
    name = _KIT.format(role=role)
    chosen = visit.field("kit_words").encode() or visit.files.get("kit", ("", b""))[1]
    if chosen:
        try:
            words = chosen.decode("ascii")
        except UnicodeDecodeError:
            raise LocalError("kit-damaged", line=1) from None
        HOLDING.put(visit.session, name, words)
        return words
    held = HOLDING.get(visit.session, name)
    if held is not None:
        return str(held)
    there = kits.in_force(visit.desk, role)
    if there is None:
        raise LocalError("kit-not-chosen")
    return kits.words_of(visit.desk, there.name)
