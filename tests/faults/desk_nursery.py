"""Runs a venue and desks in forked children that are killed, or kill themselves where they are told to.

Reads lines and answers each with the child's number: `venue FOLDER PORT` serves; `desk FOLDER POINT COUNT TEXT` opens a
desk, syncs, says TEXT in the plenary and writes `said INDEX` once its own act is receipted and judged. Only the tests
start this. Argon2id is made cheap in this process alone.
"""

import os
import signal
import sys
from pathlib import Path

from good_offices.desk.desk import Desk
from good_offices.seals import keyring
from good_offices.talks.events_plenary import StatementMade
from good_offices.venue.folder import open_folder
from good_offices.venue.server import serve

keyring.MEMORY_KIB, keyring.PASSES, keyring.LANES = 8 * 1024, 1, 1


def venue(folder: str, port: str) -> None:
    def say(_text: str) -> None:
        os.write(1, f"up {os.getpid()}\n".encode())

    serve(open_folder(Path(folder)), listen=f"127.0.0.1:{port}", say=say, warn=lambda _text: None)


def desk(folder: str, point: str, count: str, text: str) -> None:
    hits = 0

    def faults(here: str) -> None:
        nonlocal hits
        if here == point:
            hits += 1
            if hits == int(count):
                os.kill(os.getpid(), signal.SIGKILL)

    with Desk.open(Path(folder), "correct horse battery", faults) as opened:
        os.write(1, b"open\n")
        opened.sync()
        done = opened.act("plenary", StatementMade(text=text, language="en"))
        if done.verdict is not None and done.verdict.status == "valid":
            os.write(1, f"said {done.verdict.index}\n".encode())
        opened.sync()


def main() -> None:
    for line in sys.stdin:
        what, *words = line.split()
        child = os.fork()
        if child == 0:
            try:
                {"venue": venue, "desk": desk}[what](*words)
            # The venue may be dead: the parent looks at what is on the disk, not at this.
            except Exception as broken:  # noqa: BLE001
                os.write(2, f"{type(broken).__name__}: {broken}\n".encode())
                os._exit(1)
            os._exit(0)
        os.write(1, f"child {child}\n".encode())
        if what == "desk":
            _, status = os.waitpid(child, 0)
            os.write(1, b"over killed\n" if os.WIFSIGNALED(status) else b"over itself\n")


if __name__ == "__main__":
    main()
