"""Record the demonstration as docs/demo.svg: run it, and draw what it printed as a terminal.

The picture holds the lines that the demonstration printed and nothing else; it fetches no font and runs no script. Every
run of words stands at its own column, so that no renderer can fold the spaces between them.
"""

from __future__ import annotations

import html
import re
import subprocess
import sys
from pathlib import Path

PICTURE = Path(__file__).parent / "demo.svg"
FIRST, LAST = "4. ", "8. "
CHARACTER, LINE, MARGIN, BAR = 8.4, 21, 28, 40
INK, PAPER, GROUND, ACCENT, ALARM = "#15222c", "#ffffff", "#eef1f3", "#0b4f77", "#93331a"
FONT = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"


def told() -> list[str]:
    """Return what the demonstration prints."""
    command = [sys.executable, "-m", "good_offices", "demo", "--headless"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def chosen(lines: list[str]) -> list[str]:
    """Return the parts of the story that the picture shows, and the verdict."""
    first = next(n for n, line in enumerate(lines) if line.startswith(FIRST))
    last = next(n for n, line in enumerate(lines) if line.startswith(LAST))
    verdict = next(line for line in lines if line.startswith("verdict:"))
    return ["$ make demo", "", "   ...", "", *lines[first:last], "   ...", "", verdict]


def drawn(lines: list[str]) -> str:
    """Return the picture of some lines."""
    width = round(max(len(line) for line in lines) * CHARACTER + 2 * MARGIN)
    height = BAR + len(lines) * LINE + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        "<title>The demonstration in a terminal</title>",
        f'<rect width="{width}" height="{height}" rx="3" fill="{PAPER}" stroke="{GROUND}" stroke-width="2"/>',
        f'<rect width="{width}" height="{BAR - 12}" fill="{GROUND}"/>',
        f'<g font-family="{FONT}" font-size="14" fill="{INK}">',
    ]
    alarm = False
    for number, line in enumerate(lines):
        heading = bool(re.match(r"\d+\. ", line)) or line.startswith("verdict:")
        alarm = "caught:" in line or (alarm and line.startswith(" " * 18))
        colour = f' fill="{ACCENT}" font-weight="bold"' if heading else f' fill="{ALARM}"' if alarm else ""
        for words in re.finditer(r"\S+(?: \S+)*", line):
            x, y = MARGIN + words.start() * CHARACTER, BAR + (number + 1) * LINE
            length = len(words.group()) * CHARACTER
            parts.append(
                f'<text x="{x:.1f}" y="{y}" textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs"{colour}>'
                f"{html.escape(words.group())}</text>"
            )
    return "\n".join([*parts, "</g>", "</svg>", ""])


if __name__ == "__main__":
    PICTURE.write_text(drawn(chosen(told())), encoding="utf-8")
