"""Offering talks: the registers, the delegations, the invitations.

This module decides how talks come into being at a venue. It never learns who the parties are: a delegation is a
random number, and which party gets which file is for the host's people to decide.

1. One common register and one caucus register for each delegation, each with its genesis at index 0.
2. Invitations that are written are complete on the disk before the database knows the talks, and get their name after it.
3. Offering works while the venue is being served: the registers are new, so nobody else writes to them.
4. Standing lists come finished. All invitations of the talks have the same, signed by the host for their common register.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from good_offices.encoding import pack
from good_offices.errors import LocalError, OperationalError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.genesis import Caucus, Genesis, talks_id
from good_offices.register.host import HostSigner
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.tree import Tree
from good_offices.transport.pages import INVITATION, Invitation
from good_offices.transport.signing import SECRET
from good_offices.venue.folder import ADDRESS, Folder, new_folder, write_private
from good_offices.venue.standing import Lists, remember
from good_offices.venue.store import State, Writer, connect

PARTIES: Final = range(2, 17)


@dataclass(frozen=True)
class Offered:
    """Talks that were offered: their id, and the invitations with the files they stand in."""

    talks: bytes
    invitations: list[Invitation]
    files: list[Path]


@dataclass(frozen=True)
class _Founding:
    """A register about to be founded."""

    id: str
    delegation: str | None
    genesis: bytes
    leaf: bytes
    state: State


@dataclass(frozen=True)
class _Drafted:
    """Talks about to be kept: their invitations, their registers, the enrolment key of each delegation."""

    talks: bytes
    invitations: list[Invitation]
    registers: list[_Founding]
    enrolments: dict[str, bytes]
    lists: Lists | None


def offer(
    folder: Folder, *, parties: int, out: Path, url: str | None = None, lists: Lists | None = None
) -> Offered:
    """Make talks for `parties` delegations and write one invitation file each into the new folder `out`.

    The address in the invitations is `url`, else that of the settings, else that of the server now running on
    this folder, else `https://` and the venue's origin. `lists` are attached to all of them (rule 4).

    Raises:
        LocalError: `venue-parties-invalid`, `venue-file-exists` or `venue-folder-newer`.
        OperationalError: `venue-disk` or `venue-database-damaged`.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise LocalError("venue-file-exists", path=out)
    drafted = _draft(folder, parties, url, lists)
    files = names(parties)
    with new_folder(out) as draft:
        for name, invitation in zip(files, drafted.invitations, strict=True):
            write_private(draft / name, pack(invitation))
        _keep(folder, drafted)
    return Offered(drafted.talks, drafted.invitations, [out / name for name in files])


def offer_unwritten(folder: Folder, *, parties: int, url: str | None = None) -> Offered:
    """Make talks as `offer` does, and return the invitations in memory alone.

    If the process ends before they were handed on, the talks stay empty for ever and others can be offered.

    Raises:
        LocalError: `venue-parties-invalid` or `venue-folder-newer`.
        OperationalError: `venue-disk` or `venue-database-damaged`.
    """
    drafted = _draft(folder, parties, url, None)
    _keep(folder, drafted)
    return Offered(drafted.talks, drafted.invitations, [])


def names(parties: int) -> list[str]:
    """Return the names of the invitation files, in their order."""
    return [f"invitation-{number}.goodoffices" for number in range(1, parties + 1)]


def _draft(folder: Folder, parties: int, url: str | None, lists: Lists | None) -> _Drafted:
    """Return talks for `parties` delegations, signed and not yet kept."""
    if parties not in PARTIES:
        raise LocalError("venue-parties-invalid", parties=parties)
    keys = {secrets.token_hex(16): secrets.token_bytes(SECRET) for _ in range(parties)}
    common, *caucuses = _foundings(folder, list(keys))
    talks = talks_id(common.genesis)
    address = url or folder.settings.url or _serving(folder) or f"https://{folder.settings.origin}"
    calendar = lists.calendar if lists else b""
    note = folder.signer().named(folder.origin(common.id)).sign_calendar(calendar) if lists else b""
    invitations = [
        Invitation(
            form=INVITATION,
            url=address,
            talks=talks,
            genesis=common.genesis,
            common=common.id,
            caucus=caucus.id,
            caucus_genesis=caucus.genesis,
            delegation=str(caucus.delegation),
            enrolment=keys[str(caucus.delegation)],
            calendar=calendar,
            calendar_note=note,
        )
        for caucus in caucuses
    ]
    return _Drafted(talks, invitations, [common, *caucuses], keys, lists)


def _foundings(folder: Folder, delegations: list[str]) -> list[_Founding]:
    """Return the common register and one caucus register a delegation, signed and not yet kept."""
    signer = folder.signer()
    now = time.time_ns() // 1_000_000
    common = _found(folder, signer, delegations, None, now)
    talks = talks_id(common.genesis)
    return [
        common,
        *(
            _found(folder, signer, delegations, Caucus(talks=talks, delegation=one), now)
            for one in delegations
        ),
    ]


def _found(
    folder: Folder, signer: HostSigner, delegations: list[str], caucus: Caucus | None, now: int
) -> _Founding:
    """Return one register with its genesis at index 0."""
    name = secrets.token_hex(16)
    signer = signer.named(folder.origin(name))
    genesis = Genesis.of(signer.keys, name, delegations, caucus).body()
    leaf = Leaf.of(Kind.GENESIS, now, genesis)
    root = Tree.from_leaves(leaf.hash).root()
    note = signer.sign(Checkpoint(signer.origin, 1, root), now // 1000)
    state = State(1, len(genesis), now, note, held=False)
    return _Founding(name, caucus.delegation if caucus else None, genesis, leaf.to_bytes(), state)


def _keep(folder: Folder, drafted: _Drafted) -> None:
    """Make registers and delegations durable in one transaction."""
    connection = connect(folder.database, writes=True)
    try:
        writer = Writer(connection)
        writer.begin()
        for delegation, enrolment in drafted.enrolments.items():
            writer.accept(delegation, drafted.talks, enrolment)
        for one in drafted.registers:
            number = writer.found(one.id, drafted.talks, one.delegation, one.state)
            writer.insert(number, 0, [(one.leaf, one.genesis)])
        if drafted.lists:
            remember(folder, drafted.talks, drafted.lists)
        writer.commit()
    except connection.Error as failed:
        raise OperationalError("venue-disk", path=folder.database, why=str(failed)) from failed
    finally:
        connection.close()


def _serving(folder: Folder) -> str:
    """Return the address of the server that runs on this folder, as it wrote it down; empty if there is none."""
    try:
        return (folder.path / ADDRESS).read_text(encoding="ascii").strip()
    except OSError:
        return ""
