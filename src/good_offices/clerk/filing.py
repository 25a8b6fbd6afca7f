"""A name from the talks as the name of a file: words of somebody else, and no path.

This module decides what of a title a file system and a header may see. It never decides where a file is put.

1. What file systems refuse, control and format characters, and path separators become a space.
2. Dots, blanks and hyphens at either end go: no hidden file, no folder above, no option. A long name is cut at its end, before the
   ending that it has.
"""

from __future__ import annotations

import unicodedata
from typing import Final

FORBIDDEN: Final = frozenset('\\/:*?"<>|%;')
_LONGEST: Final = 80
_ENDING: Final = 10
# Names that one system or another takes for a device.
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{one}{n}" for one in ("com", "lpt") for n in range(10)}
)


def safe_name(name: str, *, nameless: str = "good-offices") -> str:
    """Return a name without what a file system or a header would take for something else."""
    kept = "".join(
        " " if one in FORBIDDEN or unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp", "Cs") else one
        for one in name
    )
    whole = " ".join(kept.split()).strip(" .-")
    stem, dot, ending = whole.rpartition(".")
    if dot and stem and len(ending) <= _ENDING and " " not in ending:
        whole = f"{stem[: _LONGEST - len(ending) - 1].strip(' .-')}.{ending}"
    else:
        whole = whole[:_LONGEST].strip(" .-")
    return nameless if not whole or whole.partition(".")[0].casefold() in _DEVICES else whole
