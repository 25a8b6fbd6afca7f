"""What the operator may know: talks as ids, entries, bytes, last checkpoints.

This module decides what `venue status` shows. There is nothing else to show: the venue knows no names. Of standing lists it
is their number and the next time (`standing`).
"""

from __future__ import annotations

import time
from typing import Any

from good_offices.register.checkpoint import Checkpoint
from good_offices.register.note import Note
from good_offices.venue import standing
from good_offices.venue.folder import ADDRESS, Folder
from good_offices.venue.store import Reader, Register, State, connect


def status(folder: Folder) -> dict[str, Any]:
    """Return the state of a venue, served or not, as values for JSON.

    Raises:
        LocalError: `venue-folder-newer`.
        OperationalError: `venue-database-damaged`.
    """
    connection = connect(folder.database)
    try:
        reader = Reader(connection)
        talks: dict[bytes, list[dict[str, Any]]] = {}
        for register, state in reader.registers():
            talks.setdefault(register.talks, []).append(_register(reader, register, state))
    finally:
        connection.close()
    address = folder.path / ADDRESS
    lists = standing.shown(folder, time.time_ns() // 1_000_000)
    return {
        "name": folder.settings.name,
        "origin": folder.settings.origin,
        "format": folder.settings.format,
        "serving": address.read_text(encoding="ascii").strip() if address.exists() else None,
        "talks": [
            {
                "id": one.hex(),
                "entries": sum(register["entries"] for register in registers),
                "bytes": sum(register["bytes"] for register in registers),
                "last_checkpoint": max((register["checkpoint"] for register in registers), key=_time),
                "registers": registers,
                "standing_lists": lists.get(one.hex()),
            }
            for one, registers in talks.items()
        ],
    }


def _register(reader: Reader, register: Register, state: State) -> dict[str, Any]:
    """Return what there is to say of one register."""
    checkpoint = Checkpoint.parse(Note.parse(state.note).text)
    return {
        "id": register.id,
        "kind": "common" if register.delegation is None else "caucus",
        "delegation": register.delegation,
        "desks": None if register.delegation is None else reader.desks(register.delegation),
        "entries": state.size,
        "bytes": state.volume,
        "held": state.held,
        "checkpoint": {"size": checkpoint.size, "root": checkpoint.root.hex(), "time_ms": state.time},
    }


def _time(checkpoint: dict[str, Any]) -> int:
    """Return the arrival that a checkpoint was made for, in milliseconds since 1970."""
    time: int = checkpoint["time_ms"]
    return time
