"""Write docs/errors.md from the catalogue: exit statuses, and every code with its sentence and its hint.

    python docs/make_errors.py

A test holds the two equal, so run this whenever the catalogue changes.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from good_offices import errors
from good_offices.cli.main import INTERRUPTED, UNFORESEEN

PAGE = Path(__file__).with_name("errors.md")
STATUSES = {
    errors.Exit.OK: "done; of `verify`: everything in the file holds",
    errors.Exit.NOT_VALID: "`verify`: something in the file does not hold",
    errors.Exit.USAGE: "the command line was misused",
    errors.Exit.LOCAL: "against the rules on our side, or the act is void or without effect; the hint says what to do",
    errors.Exit.REMOTE: "their bytes break a rule; our state is unchanged",
    errors.Exit.EQUIVOCATION: "the host has shown two histories; the evidence is kept",
    errors.Exit.RETRY: "disk, network or clock; the same command may be given again",
    errors.Exit.OPERATIONAL: "disk, network or clock; see the hint before trying again",
}
_HEAD = """# Errors

Made by `python docs/make_errors.py` from `src/good_offices/errors.py`; do not edit. Every error is printed as one line `error:` and one
line `hint:`. Codes and exit statuses are stable; sentences and hints are not. What stands in braces is filled in.

## Exit statuses

| status | meaning |
|---|---|
"""


def groups() -> dict[str, list[str]]:
    """Return the codes by the folder that raises them, from the comments of the catalogue."""
    source = Path(errors.__file__).read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    name = ""
    for line in source[source.index("CATALOGUE: Final") :].splitlines():
        if heading := re.fullmatch(r"    # (.+)", line):
            name = heading.group(1)
        elif code := re.match(r'    ("[a-z0-9-]+"): ', line):
            found.setdefault(name, []).append(ast.literal_eval(code.group(1)))
    return found


def page() -> str:
    """Return the whole page."""
    statuses = {int(status): meaning for status, meaning in STATUSES.items()}
    statuses |= {
        UNFORESEEN: "something that this release did not foresee; please report it",
        INTERRUPTED: "interrupted",
    }
    text = _HEAD + "".join(f"| {status} | {meaning} |\n" for status, meaning in sorted(statuses.items()))
    for name, codes in groups().items():
        text += f"\n## {name[0].upper()}{name[1:]}\n\n| code | error | hint |\n|---|---|---|\n"
        for code in codes:
            entry = errors.CATALOGUE[code]
            again = " (trying again is safe)" if entry.retry_safe else ""
            cells = (one.replace("|", "\\|") for one in (entry.message, entry.remedy + again))
            text += f"| `{code}` | {' | '.join(cells)} |\n"
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
