"""The root key kits that lie in a desk's folder: which they are, and what has been done about them.

This module decides how a kit on the disk is named for people, and keeps whether its owner has said that it is printed.
It never opens a kit.

1. A kit says in its second line whose root it holds; that line is not secret.
2. A succession makes the successor's kit the root's, and another file the next successor's: files are never renamed, and
   which root a kit holds is taken from the register.
3. That a kit is printed is said by its owner. To take one out of the folder its owner shows the paper: the digits
   at the end of its last line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from good_offices.desk.desk import Desk
from good_offices.desk.identity import MAX_FILE
from good_offices.errors import LocalError, OperationalError

Role = Literal["root", "successor", "former"]

_NAME: Final = re.compile(r"(root|successor(-[1-9][0-9]{0,3})?)\.kit")
_PRINTED: Final = "kit-printed/{fingerprint}"


@dataclass(frozen=True)
class Kit:
    """A kit in the folder: its file's name, the root it holds, what that root is now, and whether it was printed."""

    file: str
    fingerprint: str
    role: Role
    printed: bool
    lines: tuple[tuple[int, str], ...]

    @property
    def last(self) -> tuple[int, str]:
        """The number of the last line, and its check digits (rule 3)."""
        number, line = self.lines[-1]
        return number, line.rpartition(" ")[2]


def kits(desk: Desk) -> list[Kit]:
    """Return the kits in a desk's folder, the root's first."""
    folder = desk.storage.folder
    found = [kit(desk, path.name) for path in sorted(folder.glob("*.kit")) if _NAME.fullmatch(path.name)]
    order = ("root", "successor", "former")
    return sorted(found, key=lambda one: (order.index(one.role), one.file))


def kit(desk: Desk, name: str) -> Kit:
    """Return one kit in a desk's folder.

    Raises:
        LocalError: `page-unknown` if there is none of this name, `kit-damaged`.
    """
    words = words_of(desk, name)
    lines = tuple((number, line) for number, line in enumerate(words.splitlines(), 1) if line.strip())
    if len(lines) < 3 or not lines[1][1].startswith("root "):
        raise LocalError("kit-damaged", line=1)
    fingerprint = lines[1][1].removeprefix("root ")
    return Kit(
        file=name,
        fingerprint=fingerprint,
        role=_role(desk, name, fingerprint),
        printed=desk.storage.get(_PRINTED.format(fingerprint=fingerprint)) is not None,
        lines=lines,
    )


def words_of(desk: Desk, name: str) -> str:
    """Return the words of a kit in the folder.

    Raises:
        LocalError: `page-unknown`, `kit-damaged`.
    """
    path = desk.storage.folder / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise LocalError("page-unknown")
    data = path.read_bytes()
    try:
        return data[:MAX_FILE].decode("ascii")
    except UnicodeDecodeError:
        raise LocalError("kit-damaged", line=1) from None


def printed(desk: Desk, names: list[str]) -> None:
    """Keep that these kits are printed and put away."""
    for name in names:
        desk.storage.put(_PRINTED.format(fingerprint=kit(desk, name).fingerprint), b"1")


def take_out(desk: Desk, name: str, digits: str) -> None:
    """Remove a kit from the folder, if the digits are those of its last line on paper (rule 3).

    Raises:
        LocalError: `kit-digits-differ`, and as `kit`.
        OperationalError: `disk-refused`.
    """
    one = kit(desk, name)
    if digits.strip() != one.last[1]:
        raise LocalError("kit-digits-differ")
    path = desk.storage.folder / name
    try:
        path.unlink()
    except OSError as broken:
        raise OperationalError("disk-refused", folder=path.parent, why=broken.strerror) from broken


def next_name(desk: Desk) -> str:
    """Return the name of the file for the kit of the next successor (rule 2)."""
    number = 2
    while (desk.storage.folder / f"successor-{number}.kit").exists():
        number += 1
    return f"successor-{number}.kit"


def in_force(desk: Desk, role: Role) -> Path | None:
    """Return the file of the kit of the root or of its successor, if it lies in the folder."""
    found = [one for one in kits(desk) if one.role == role]
    return desk.storage.folder / found[-1].file if found else None


def _role(desk: Desk, name: str, fingerprint: str) -> Role:
    """Return what the root in a kit is now."""
    one = desk.talks.roster.delegations.get(desk.identity.place.delegation)
    if one is None:
        return "root" if name == "root.kit" else "successor"
    roots = [held.root.fingerprint for held in one.roots]
    if fingerprint not in roots:
        return "successor"
    return "root" if fingerprint == roots[-1] else "former"
