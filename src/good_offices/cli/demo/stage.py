"""The stage: a venue and desks as processes of their own, on loopback, each driven through its own pipe.

This module decides which processes run and how they are spoken to. Everything that happens is a verb that a person could
type: the stage has no way into a desk or a venue but the command line.

1. The venue is `goodoffices venue serve`, a desk is `goodoffices desk shell --json`, or `goodoffices desk serve` once it is handed
   to the person who watches.
2. Passphrases go through a pipe's descriptor; they stand in no argument and no environment.
3. Every process is ended by its own number when the stage closes, also after an error.
4. What need not wait for each other runs at the same time: desks are opened together, and synchronise together.
5. Where Python is told to write no bytecode, our processes share some in a folder of their own, which goes with the stage;
   otherwise each of a dozen would compile the whole program.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from good_offices.errors import OperationalError

_PROGRAM = (sys.executable, "-m", "good_offices")
_PATIENCE = 60.0


class RefusedError(Exception):
    """A verb was refused: the answer of the shell, with code, message and hint."""

    def __init__(self, answer: dict[str, Any]) -> None:
        """Keep the answer."""
        super().__init__(answer.get("message", ""))
        self.code = str(answer.get("error") or answer.get("code") or "")
        self.message = str(answer.get("message") or "")
        self.hint = str(answer.get("hint") or "")


class Seat:
    """One member at a desk: a shell process and its folder."""

    def __init__(
        self, folder: Path, log: IO[bytes], environment: dict[str, str], passphrase: str | None = None
    ) -> None:
        """Give the seat a folder, and a passphrase nobody else has unless one is to be told."""
        self.folder = folder
        self._environment = environment
        self._passphrase = passphrase or secrets.token_urlsafe(18)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The number of the desk's process."""
        return self._running().pid

    def open(self, invitation: Path, *names: str) -> dict[str, Any]:
        """Open the desk from a file and start its shell; returns what `desk open` answered."""
        command = (
            "desk",
            "open",
            "--desk",
            str(self.folder),
            "--invitation",
            str(invitation),
            "--json",
            *names,
        )
        answer = _run(command, self._passphrase, self._log, self._environment)
        self.start()
        return answer

    def start(self) -> None:
        """Start the shell."""
        with _secret(self._passphrase) as descriptor:
            self._process = subprocess.Popen(  # noqa: S603 -- our own program
                [
                    *_PROGRAM,
                    "desk",
                    "shell",
                    "--json",
                    "--desk",
                    str(self.folder),
                    "--passphrase-fd",
                    str(descriptor),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                pass_fds=(descriptor,),
                env=self._environment,
            )

    def do(self, *words: str) -> dict[str, Any]:
        """Return the answer to one verb.

        Raises:
            RefusedError: the verb was refused, or its act is void; an act without effect is an answer.
            OperationalError: `demo-desk-ended` if the desk's process is gone.
        """
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(shlex.join(words).encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = b""
        if not line:
            raise OperationalError("demo-desk-ended", folder=self.folder)
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer or answer.get("status") == "void":
            raise RefusedError(answer)
        return answer

    def serve(self) -> dict[str, Any]:
        """End the shell and serve the desk to a browser instead; returns its addresses and its launch file.

        Raises:
            OperationalError: `demo-desk-ended`.
        """
        self.stop()
        self._process = subprocess.Popen(  # noqa: S603 -- our own program
            [*_PROGRAM, "desk", "serve", "--json", "--no-browser", "--desk", str(self.folder)],
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=self._environment,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise OperationalError("demo-desk-ended", folder=self.folder)
        served: dict[str, Any] = json.loads(line)
        return served

    def tell(self, *words: str) -> None:
        """Give a verb without waiting for the answer, for a desk that is about to be killed."""
        process = self._running()
        assert process.stdin is not None
        process.stdin.write(shlex.join(words).encode() + b"\n")
        process.stdin.flush()

    def kill(self) -> None:
        """End the desk's process as a power cut does."""
        process = self._running()
        process.send_signal(signal.SIGKILL)
        _close(process)

    def dismiss(self) -> None:
        """Tell the shell that nothing more will come."""
        if self._process is None or self._process.poll() is not None:
            return
        if self._process.stdin is not None:
            self._process.stdin.close()
        else:
            self._process.terminate()

    def stop(self) -> None:
        """Let the shell end by itself."""
        self.dismiss()
        if self._process is not None and self._process.poll() is None:
            _ended(self._process)
        if self._process is not None:
            _close(self._process)

    def _running(self) -> subprocess.Popen[bytes]:
        """Return the process."""
        if self._process is None:
            raise OperationalError("demo-desk-ended", folder=self.folder)
        return self._process


class Stage:
    """A venue and its seats under one folder."""

    def __init__(self, folder: Path, port: int = 0, passphrase: str | None = None) -> None:
        """Begin in an empty folder; `passphrase` is that of every desk, if somebody is to open them."""
        self.folder = folder
        self._passphrase = passphrase
        self.venue = folder / "venue"
        self.url = ""
        self.seats: dict[str, Seat] = {}
        self._port = port
        (folder / "desks").mkdir(parents=True, exist_ok=True)
        self._log = (folder / "processes.log").open("ab")
        self._server: subprocess.Popen[bytes] | None = None
        self._bytecode = _Bytecode()
        self._environment = self._bytecode.environment

    def __enter__(self) -> Self:
        """Return the stage."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every process."""
        for seat in self.seats.values():
            seat.dismiss()
        for seat in self.seats.values():
            seat.stop()
        self.close_venue()
        self._log.close()
        self._bytecode.close()

    def run(self, *words: str) -> dict[str, Any]:
        """Return the answer of a verb that needs no desk, run in a fresh process."""
        return _run((*words, "--json"), None, self._log, self._environment)

    def run_status(self, *words: str) -> tuple[int, str]:
        """Return exit status and output of a verb run in a fresh process."""
        done = subprocess.run(  # noqa: S603 -- our own program
            [*_PROGRAM, *words], capture_output=True, check=False, env=self._environment
        )
        return done.returncode, done.stdout.decode()

    def open_venue(self, name: str) -> None:
        """Make the venue and serve it."""
        self.run("venue", "init", "--venue", str(self.venue), "--name", name)
        self.serve()

    def serve(self) -> None:
        """Serve the venue, on the same port as before if there was one."""
        self._server = subprocess.Popen(  # noqa: S603 -- our own program
            [*_PROGRAM, "venue", "serve", "--venue", str(self.venue), "--listen", f"127.0.0.1:{self._port}"],
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=self._environment,
        )
        assert self._server.stdout is not None
        line = self._server.stdout.readline().decode()
        found = [word for word in line.split() if word.startswith("http")]
        if not found:
            raise OperationalError("demo-venue-ended", folder=self.venue)
        self.url = found[0].rstrip("/.")
        self._port = int(self.url.rpartition(":")[2])

    def close_venue(self) -> None:
        """End the venue's process."""
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(signal.SIGTERM)
            _ended(self._server)
        if self._server is not None:
            _close(self._server)
            self._server = None

    def kill_venue(self) -> None:
        """End the venue's process as a power cut does."""
        assert self._server is not None
        self._server.send_signal(signal.SIGKILL)
        _close(self._server)

    def seat(self, name: str) -> Seat:
        """Return a new seat."""
        seat = Seat(self.folder / "desks" / name, self._log, self._environment, self._passphrase)
        self.seats[name] = seat
        return seat


def open_together(seats: Iterable[tuple[Seat, tuple[str | Path, ...]]]) -> None:
    """Open desks at the same time, each from its file and with its words, and start their shells."""
    with ThreadPoolExecutor() as pool:
        for opened in [
            pool.submit(seat.open, Path(file), *map(str, words)) for seat, (file, *words) in seats
        ]:
            opened.result()


def do_together(seats: Iterable[Seat], *words: str) -> list[dict[str, Any]]:
    """Return every desk's answer to the same verb, given to all of them at the same time (raises as `Seat.do`)."""
    with ThreadPoolExecutor() as pool:
        return [answer.result() for answer in [pool.submit(seat.do, *words) for seat in seats]]


class _Bytecode:
    """Where our processes keep bytecode if Python was told to keep none (rule 5)."""

    def __init__(self) -> None:
        """Choose the environment of the processes."""
        self.environment = dict(os.environ)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        if sys.dont_write_bytecode:
            self._folder = tempfile.TemporaryDirectory(prefix="good-offices-bytecode-")
            self.environment.pop("PYTHONDONTWRITEBYTECODE", None)
            self.environment["PYTHONPYCACHEPREFIX"] = self._folder.name

    def close(self) -> None:
        """Take the folder away."""
        if self._folder is not None:
            self._folder.cleanup()


def _run(
    words: tuple[str, ...], passphrase: str | None, log: IO[bytes], environment: dict[str, str]
) -> dict[str, Any]:
    """Return the JSON answer of one run of the program."""
    with contextlib.ExitStack() as stack:
        extra: tuple[str, ...] = ()
        descriptors: tuple[int, ...] = ()
        if passphrase is not None:
            descriptor = stack.enter_context(_secret(passphrase))
            extra, descriptors = ("--passphrase-fd", str(descriptor)), (descriptor,)
        done = subprocess.run(  # noqa: S603 -- our own program
            [*_PROGRAM, *words, *extra],
            capture_output=True,
            pass_fds=descriptors,
            check=False,
            env=environment,
        )
    log.write(done.stderr)
    if done.returncode:
        lines = [line.partition(": ")[2] for line in done.stderr.decode().splitlines()]
        message, hint = [*lines, "", ""][:2]
        raise RefusedError({"error": "exit", "message": message, "hint": hint})
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@contextlib.contextmanager
def _secret(text: str) -> Iterator[int]:
    """Yield a descriptor from which a child reads one line, and nobody else."""
    reading, writing = os.pipe()
    os.write(writing, text.encode() + b"\n")
    os.close(writing)
    try:
        yield reading
    finally:
        os.close(reading)


def _ended(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process to end by itself, and end it if it does not."""
    deadline = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    if process.poll() is None:
        process.kill()


def _close(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process and close its pipes."""
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
