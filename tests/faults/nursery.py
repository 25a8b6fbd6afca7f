"""Serves venues in forked children that kill themselves where they are told to: only the tests start this.

Reads lines `folder point count` and answers each with `pid address`; the child serves until it is killed, or kills
itself at the `count`-th time it comes to `point`. Forking spares each run the imports, half a second.
"""

import os
import signal
import sys
from pathlib import Path

from good_offices.venue.folder import open_folder
from good_offices.venue.server import serve


def child(folder: str, point: str, count: int) -> None:
    hits = 0

    def faults(here: str) -> None:
        nonlocal hits
        if here == point:
            hits += 1
            if hits == count:
                os.kill(os.getpid(), signal.SIGKILL)

    def say(address: str) -> None:
        os.write(1, f"{os.getpid()} {address}\n".encode())

    serve(open_folder(Path(folder)), faults=faults, say=say, warn=say)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        folder, point, count = line.split()
        if os.fork() == 0:
            try:
                child(folder, point, int(count))
            finally:
                os._exit(1)


if __name__ == "__main__":
    main()
