"""Desks driven by verbs: each seat is a session of the command line with a real desk at a real venue."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

from tests.support.house import House

from good_offices.cli.main import run
from good_offices.cli.session import Session
from good_offices.desk.desk import Desk


class Answer:
    """What a verb printed, and its exit status."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def json(self) -> dict[str, Any]:
        assert self.out.count("\n") == 1, self.out or self.err
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The error and the hint, which must be one line each and nothing else."""
        lines = self.err.splitlines()
        assert [line.partition(":")[0] for line in lines] == ["error", "hint"], self.err
        assert "Traceback" not in self.err
        return self.err


def verb(*words: object, session: Session | None = None) -> Answer:
    """Run a verb in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = run([str(word) for word in words], session)
    return Answer(status, out.getvalue(), err.getvalue())


class Seat:
    """One desk, as a person at the command line has it."""

    def __init__(self, desk: Desk, passphrase: Path) -> None:
        self.desk = desk
        self.session = Session()
        self.session.passphrase_file = passphrase
        self.session.keep(desk)

    def __call__(self, *words: object) -> Answer:
        return verb(*words, session=self.session)

    def do(self, *words: object) -> dict[str, Any]:
        """Run a verb that must succeed and return its JSON."""
        answer = self(*words, "--json")
        assert answer.status == 0, answer.err or answer.out
        return answer.json

    def refused(self, *words: object) -> Answer:
        """Run a verb that must be refused before anything leaves."""
        answer = self(*words)
        assert answer.status != 0, answer.out
        assert not answer.out, answer.out
        assert answer.error
        return answer


def seats(house: House) -> list[Seat]:
    """Return a seat at each desk of a house."""
    from tests.support.house import PASSPHRASE

    file = house.path / "passphrase"
    file.write_text(PASSPHRASE + "\n")
    return [Seat(desk, file) for desk in house.desks]
