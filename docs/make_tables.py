"""Write the three lists that follow from the code: errors.md, command-line.md, events.md.

Run `python docs/make_tables.py`; tests/cli/test_tables.py fails when a list is not what this makes.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from good_offices.cli.endings import INTERRUPTED, UNFORESEEN
from good_offices.cli.main import program
from good_offices.errors import CATALOGUE, Exit
from good_offices.talks.acts import Act
from good_offices.talks.rules import RULES

HERE = Path(__file__).parent
STATUSES = {
    Exit.OK: "done; also when an act waits in the outbox",
    Exit.NOT_VALID: "`verify`: the file does not hold",
    Exit.USAGE: "the command line was not understood",
    Exit.LOCAL: "against the rules on our side, or the act is void or without effect",
    Exit.REMOTE: "what others sent breaks the rules; the evidence is kept",
    Exit.EQUIVOCATION: "the host has signed what convicts it; the evidence is kept",
    Exit.RETRY: "disk, network or clock; the same command may be run again",
    Exit.OPERATIONAL: "disk, network or clock; mend it first",
}


def errors() -> str:
    """Return errors.md."""
    lines = [
        "# Errors",
        "",
        "Every error has a code that stays the same, a sentence, and a hint with what to do now. Words in braces are",
        "filled in. This list is made by `docs/make_tables.py` from `src/good_offices/errors.py`.",
        "",
        "## Exit statuses",
        "",
        "| status | meaning |",
        "|---|---|",
        *(f"| {int(one)} | {words} |" for one, words in STATUSES.items()),
        f"| {UNFORESEEN} | something that this release did not foresee; told by class and place, never with words of the talks |",
        f"| {INTERRUPTED} | interrupted |",
        "",
        "In `desk shell --json` two more codes stand under `error`: `usage` (the line was not understood) and",
        "`unforeseen`.",
        "",
        "## Codes",
        "",
        "| code | error | hint | again? |",
        "|---|---|---|---|",
    ]
    for code, entry in sorted(CATALOGUE.items()):
        again = "yes" if entry.retry_safe else ""
        lines.append(f"| `{code}` | {cell(entry.message)} | {cell(entry.remedy)} | {again} |")
    return "\n".join(lines) + "\n"


def command_line() -> str:
    """Return command-line.md."""
    lines = [
        "# The command line",
        "",
        "Everything the programs do, in the verbs of the craft. Made by `docs/make_tables.py` from the verbs themselves.",
        "",
        "- A desk folder is chosen by `--desk DIR` or `GOODOFFICES_DESK`, a venue folder by `--venue DIR` or",
        "  `GOODOFFICES_VENUE`. A passphrase comes from a prompt, `--passphrase-file` or `--passphrase-fd`; never from an",
        "  argument, never from the environment.",
        "- Results go to standard output; `error:`, `hint:` and notes to standard error. Exit statuses and codes are in",
        "  [errors.md](errors.md).",
        "- Sentences are in English, Russian, Ukrainian or Kazakh, as `LANGUAGE`, `LC_ALL`, `LC_MESSAGES` or `LANG` says.",
        "  Codes, names of fields and exit statuses are the same in every language, and so is `verify --json`; elsewhere",
        "  `message` and `hint` follow the language: a script goes by `code`.",
        "- `--json` prints one object on one line; bytes are hexadecimal. An act prints `act` (its hash), `index` (its",
        "  entry, null while it waits), `status` (`valid`, `void`, `ineffective` or `waiting`), `code`, `message` and `hint`",
        "  (null when it stands), `effects` and `room` (`roster`, `plenary`, `caucus`). `valid` and `waiting` end with 0, `void` and `ineffective` with 3. A verb",
        "  that does several acts puts those before the last under `before`.",
        "- A joint act has effect when every delegation has accepted the same: `complete` is then true, and false before;",
        "  for acts that need nobody else it is null.",
        "- `desk shell` reads one verb a line (`text show --open`) with the desk open all the while; a line may also be a",
        "  JSON list of words. With `--json` each line is answered by one line: the verb's object, or `error`, `message`,",
        "  `hint` and `exit`.",
        "- A provision is named by its id or its label, a bracket by the name that `text show` prints, an act by its",
        "  entry or the beginning of its hash, a delegation or member by name or the beginning of its id.",
        "",
    ]
    for path, command in verbs(program, "goodoffices"):
        lines += [f"## {path}", "", sentence(command), ""]
        context = click.Context(command, info_name=path)
        usage = " ".join(command.collect_usage_pieces(context))
        lines += ["```", f"{path} {usage}".rstrip(), "```", ""]
        rows = [record for one in command.params if (record := one.get_help_record(context))]
        rows = [(name, words) for name, words in rows if words and "--help" not in name]
        if rows:
            lines += [
                "| option | |",
                "|---|---|",
                *(f"| `{cell(name)}` | {cell(words)} |" for name, words in rows),
                "",
            ]
    return "\n".join(lines).rstrip("\n") + "\n"


def events() -> str:
    """Return events.md."""
    union = inspect.get_annotations(Act, eval_str=True)["event"]
    forms = {one.__name__: one for one in union.__args__}
    lines = [
        "# Events",
        "",
        "Every act of the talks carries one of these. *Joint* ones have effect when every delegation has accepted the same",
        "content. *Break* and *end* say whether an event passes while the talks are broken off, and after their conclusion.",
        "Made by `docs/make_tables.py` from the table of rules; what each does is in [spec/talks.md](../spec/talks.md).",
        "",
        "| event | meaning | rooms | power | joint | break | end |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, rule in RULES.items():
        words = cell(inspect.cleandoc(forms[name].__doc__ or "").split("\n\n")[0])
        marks = [("yes" if one else "") for one in (rule.joint, rule.broken, rule.concluded)]
        lines.append(
            f"| `{name}` | {words} | {', '.join(rule.rooms)} | {rule.power or ''} | {' | '.join(marks)} |"
        )
    return "\n".join(lines) + "\n"


def verbs(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every verb that is no group, with what is typed for it."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command, info_name=path)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        if found is not None:
            yield from verbs(found, f"{path} {name}")


def sentence(command: click.Command) -> str:
    """Return what a verb does."""
    return " ".join((command.help or "").split())


def cell(text: str) -> str:
    """Return text that can stand in a table."""
    return " ".join(text.split()).replace("|", "\\|")


TABLES = {"errors.md": errors, "command-line.md": command_line, "events.md": events}

if __name__ == "__main__":
    for name, made in TABLES.items():
        (HERE / name).write_text(made(), encoding="utf-8")
