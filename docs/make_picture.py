"""Record the demonstration as docs/demo.svg: run it, and draw what it printed as a terminal.

The picture holds the lines that the demonstration printed and nothing else; it fetches no font and runs no script.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

HERE = Path(__file__).parent
WIDTH = 100
FIRST, LAST = "4. ", "8. "
THEME = TerminalTheme(
    (255, 255, 255),
    (21, 34, 44),
    [
        (21, 34, 44),
        (147, 51, 26),
        (13, 100, 80),
        (138, 67, 0),
        (11, 79, 119),
        (90, 45, 145),
        (11, 79, 119),
        (90, 100, 110),
    ],
)


def told() -> list[str]:
    """Return what the demonstration prints."""
    command = [sys.executable, "-m", "good_offices", "demo", "--headless"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def chosen(lines: list[str]) -> list[str]:
    """Return the parts of the story that the picture shows, and the verdict."""
    first = next(n for n, line in enumerate(lines) if line.startswith(FIRST))
    last = next(n for n, line in enumerate(lines) if line.startswith(LAST))
    verdict = next(n for n, line in enumerate(lines) if line.startswith("verdict:"))
    return ["$ make demo", "", "   ...", "", *lines[first:last], "   ...", "", lines[verdict]]


def styled(line: str) -> Text:
    """Return a line in the colours of the house."""
    text = Text(line)
    if re.match(r"\d+\. ", line) or line.startswith("verdict:"):
        text.stylize("bold blue")
    elif "caught:" in line:
        text.stylize("red")
    return text


def main() -> None:
    """Write the picture."""
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    for line in chosen(told()):
        console.print(styled(line), highlight=False)
    svg = console.export_svg(title="Good Offices", theme=THEME)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", "ui-monospace")
    (HERE / "demo.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
