"""The two records of a desk: which rules judge each, and by whose keys its acts are read.

This module decides how the common record and the caucus are put together. It never decides what an entry means.

1. The caucus is judged by the common record, and its members may be certified in either.
2. A view of the common register that an act of the caucus names counts only if the host signed it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from good_offices.desk.client import VenueClient
from good_offices.desk.epochs import Epochs
from good_offices.desk.identity import Place
from good_offices.desk.ledger import Ledger
from good_offices.desk.opening import Looks
from good_offices.desk.record import Book
from good_offices.desk.storage import Storage
from good_offices.errors import HostConvictedError, RemoteError
from good_offices.talks.book import Epochs as RoomEpochs
from good_offices.talks.caucus import CaucusReplay
from good_offices.talks.replay import CommonReplay
from good_offices.talks.roster import RosterState


def common_book(storage: Storage, client: VenueClient, place: Place, epochs: Epochs) -> Book[CommonReplay]:
    """Return the record of roster, plenary and groups."""
    ledger = Ledger(storage, client, place.common, place.genesis, place.delegation)

    def begin(kept: bytes | None) -> CommonReplay:
        return CommonReplay.restored(kept, ledger) if kept else CommonReplay(ledger)

    known: tuple[RosterState, Mapping[str, RoomEpochs], Looks] | None = None

    def looks(judge: CommonReplay) -> Looks:
        # It is asked for several times an entry, and most entries leave roster and groups as they are.
        nonlocal known
        roster, groups = judge.roster, judge.plenary.groups.book.epochs
        if known is None or known[0] is not roster or known[1] is not groups:
            seen = Looks(
                roster.book,
                roster.room,
                lambda act: roster.certificate(act.author),
                ledger.is_signed,
                groups=groups,
            )
            known = roster, groups, seen
        return known[2]

    return Book(storage, ledger, epochs, begin, looks)


def caucus_book(
    storage: Storage,
    client: VenueClient,
    place: Place,
    epochs: Epochs,
    common: Ledger,
    talks: Callable[[], CommonReplay],
) -> Book[CaucusReplay]:
    """Return the record of this delegation's caucus; `talks` is the judge of the common record as it then stands."""
    ledger = Ledger(storage, client, place.caucus, place.caucus_genesis, place.delegation)

    def begin(kept: bytes | None) -> CaucusReplay:
        return CaucusReplay.restored(kept, talks(), ledger) if kept else CaucusReplay(talks(), ledger)

    def looks(judge: CaucusReplay) -> Looks:
        return Looks(
            judge.caucus.book,
            judge.room,
            lambda act: judge.certificate(act.author, act.common.size if act.common else 0),
            common.is_signed,
            (judge.common.roster.book,),
        )

    return Book(storage, ledger, epochs, begin, looks)


def compare_views(common: Book[CommonReplay], caucus: Book[CaucusReplay]) -> None:
    """Hold what other authors saw against our own leaves; a host that signed both is convicted.

    A view that the host did not sign is its author's invention: void by the rules, and no evidence.

    Raises:
        HostConvictedError: the evidence is kept.
    """
    for suspect in (*common.suspects(), *caucus.suspects()):
        ledger = (common if suspect.register == "common" else caucus).ledger
        try:
            ledger.compare_seen(suspect.seen)
        except HostConvictedError:
            raise
        except RemoteError:
            continue
