"""The program of the process that checks signatures beside a desk: what it is asked, it answers, and nothing else.

This module decides nothing about an act: it asks the same function that the desk asks (`seals.pairs`). It holds no secret,
opens no file, reads no environment, and ends when the desk closes the socket or dies. See `desk.checking` for the other end.

1. What comes: a greeting of `TOKEN` bytes, then checks: `HEAD`, public key, signature, signed bytes.
2. What goes back, in the same order: the greeting, then for each check its token if both signatures hold, and as many
   zero bytes if not.
3. The signed bytes are plaintext of the talks. They stay in memory, some ten checks at a time, and no core is dumped.
"""

from __future__ import annotations

import resource
import socket
from io import BufferedReader
from struct import Struct
from typing import BinaryIO, Final

from good_offices.errors import RemoteError
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ACT

TOKEN: Final = 16
REFUSED: Final = bytes(TOKEN)
# Token, and the lengths of public key, signature and signed bytes.
HEAD: Final = Struct(f">{TOKEN}sIII")
# It reads what is there, eight checks of ordinary acts and more, and makes them in a run.
_AHEAD: Final = 65536


def serve(asked: BinaryIO, wire: socket.socket) -> None:
    """Answer checks until no whole one comes any more (rules 1 and 2).

    Raises:
        OSError: nobody listens any more.
    """
    wire.sendall(asked.read(TOKEN))
    while len(head := asked.read(HEAD.size)) == HEAD.size:
        token, *lengths = HEAD.unpack(head)
        public, signature, signed = (asked.read(length) for length in lengths)
        try:
            ACT.verify(Domain.ACT, public, signature, signed)
        except RemoteError:
            token = REFUSED
        wire.sendall(token)


def main() -> None:
    """Serve the socket that stands in the place of standard input."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with socket.socket(fileno=0) as wire, BufferedReader(wire.makefile("rb", 0), _AHEAD) as asked:
        serve(asked, wire)


if __name__ == "__main__":
    main()
