"""Every sentence of the program that a person may see, found in its source.

This module decides what counts as a sentence. It reads source text only and never imports what it reads.

1. Python: whatever is marked (`_`, `N_`, `pgettext`, ...), and both sentences of every `Entry` of the catalogue of errors.
2. Python: phrases that are facts of an error (`what="the receipt"`, `why="padding"`), because `refusals` looks them up;
   one that reaches its error by other ways is known by its article.
3. Templates: `_()` and `{% trans %}`; a template that cannot be read is an error, never skipped.
4. click: its own sentences, because its errors and its help stand among ours.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract

PACKAGE: Final = Path(__file__).parent.parent
KEYWORDS: Final[Mapping[str, Any]] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "Entry": (1, 2),
}
_TEMPLATES: Final = (".html", ".txt", ".xml")
# `silent` would leave out whole templates without a word (the default of Jinja2's extractor).
_TEMPLATE_OPTIONS: Final = {"silent": "false", "trimmed": "true", "newstyle_gettext": "true"}
# The names under which an error's sentence takes a phrase, and the name of a module's own phrase.
_FACTS: Final = {"what", "why", "part", "wanted"}
_OWN: Final = "_WHAT"
_WITH_ARTICLE: Final = re.compile(r"(?:the|an?) [a-z' -]{1,40}")


def template() -> Catalog:
    """Return every sentence with the files that hold it, in the order of files and lines."""
    found = Catalog(domain="goodoffices", charset="utf-8")
    for path, name in _sources():
        for line, message, comments, context in sorted(_sentences(path, name), key=lambda one: one[0]):
            if message and message != ("", ""):
                found.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return found


def _sources() -> Iterator[tuple[Path, str]]:
    """Yield every file to read, with the name under which a translator sees it."""
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix == ".py" or (path.suffix in _TEMPLATES and "templates" in path.parts):
            yield path, path.relative_to(PACKAGE).as_posix()
    click = find_spec("click")
    if click and click.origin:
        for path in sorted(Path(click.origin).parent.glob("*.py")):
            yield path, f"click/{path.name}"


def _sentences(path: Path, name: str) -> Iterator[tuple[int, Any, list[str], str | None]]:
    """Yield line, sentence, comments for translators and context."""
    source = path.read_bytes()
    if path.suffix != ".py":
        options = _TEMPLATE_OPTIONS
        yield from extract("jinja2.ext:babel_extract", BytesIO(source), KEYWORDS, ("NOTE:",), options)
        return
    # `Entry` takes two sentences that are not one in two numbers, as Babel would read them.
    marked = {one: where for one, where in KEYWORDS.items() if one != "Entry"}
    yield from extract("python", BytesIO(source), marked, ("NOTE:",), strip_comment_tags=True)
    if not name.startswith("click/"):
        for line, phrase in _phrases(ast.parse(source)):
            yield line, phrase, [], None


def _phrases(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the sentences of entries, and the phrases that are facts of an error (rules 1 and 2)."""
    makers = {one.name for one in tree.body if isinstance(one, ast.FunctionDef) and _makes_an_error(one)}
    pieces = {id(part) for one in ast.walk(tree) if isinstance(one, ast.JoinedStr) for part in one.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _of_call(node, makers)
        elif isinstance(node, ast.arguments):
            for one, value in zip(node.kwonlyargs, node.kw_defaults, strict=True):
                if value and one.arg in _FACTS:
                    yield from _strings(value)
        elif (
            isinstance(node, ast.Constant)
            and id(node) not in pieces
            and _WITH_ARTICLE.fullmatch(str(node.value))
        ):
            yield from _strings(node)
        elif isinstance(node, ast.AnnAssign) and node.value and ast.unparse(node.target) == _OWN:
            yield from _strings(node.value)


def _of_call(node: ast.Call, makers: set[str]) -> Iterator[tuple[int, str]]:
    """Yield the phrases among the arguments of a call; `makers` are functions that return an error."""
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    words = [found for one in node.args for found in _strings(one)]
    if name == "Entry":
        yield from words
    elif name in makers:
        yield from (found for found in words if " " in found[1])
    for keyword in node.keywords:
        found = list(_strings(keyword.value))
        if keyword.arg in _FACTS:
            yield from found
        elif name.endswith("Error") or name in makers:
            # A fact of one word is a code or a name, never a phrase.
            yield from (one for one in found if " " in one[1])


def _makes_an_error(function: ast.FunctionDef) -> bool:
    """Return whether a function of a module returns an error, so that its words reach one."""
    return function.returns is not None and ast.unparse(function.returns).endswith("Error")


def _strings(node: ast.expr) -> Iterator[tuple[int, str]]:
    """Yield the literal strings that an expression may have as its value."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.lineno, node.value
    elif isinstance(node, ast.IfExp):
        yield from _strings(node.body)
        yield from _strings(node.orelse)
