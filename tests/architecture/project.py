"""The project's own files, for the tests that read them."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "good_offices"
_FOLDERS = ("src", "tests", "spec", "docs", "bench", "fuzz", "requirements", ".ci")
_TEXT = {".py", ".md", ".toml", ".json", ".txt", ".sh", ".po", ".html", ".css", ".js", ""}


def files(*suffixes: str) -> list[Path]:
    """Return the project's text files, of all kinds or with these suffixes."""
    found = [path for path in ROOT.iterdir() if path.is_file() and not path.name.startswith(".")]
    for folder in _FOLDERS:
        found += [
            path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts
        ]
    kept = suffixes or tuple(_TEXT)
    return sorted(path for path in found if path.suffix in kept and path.name != "uv.lock")


def modules() -> list[Path]:
    """Return the modules of the package."""
    return sorted(SOURCE.rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def walked(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a module's syntax tree."""
    return tuple(ast.walk(parsed(path)))


def name(path: Path) -> str:
    """Return a path as people name it: from the root of the project."""
    return path.relative_to(ROOT).as_posix()
