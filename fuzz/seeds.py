"""What fuzzing starts from: every string of the test vectors, and whole talks with their outcome.

A string of a vector may be text, hexadecimal or Base64: all that it can be are seeds.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.outcomes import full
from tests.support.talksmith import Talksmith, ident, seed

from good_offices.encoding import pack
from good_offices.talks.events_plenary import (
    FullPowersProduced,
    Modalities,
    ModalitiesProposed,
    NotePassed,
    StatementMade,
    TalksBrokenOff,
)
from good_offices.talks.events_text import AmendmentProposed, Change, StanceTaken, TextTabled
from good_offices.text.model import Instrument, Unit, Words

VECTORS = Path(__file__).parent.parent / "spec" / "vectors"
MOST = 40


@cache
def vectors(folder: str, *, least: int = 0, holding: bytes = b"") -> list[bytes]:
    """Return what the strings of a folder of vectors can stand for, of `least` bytes or more, if they hold a mark."""
    found: set[bytes] = set()
    for path in sorted((VECTORS / folder).glob("*.json")):
        for text in _strings(json.loads(path.read_text())):
            found |= {one for one in _readings(text) if least <= len(one) < 100_000 and holding in one}
    ordered = sorted(found, key=lambda one: (len(one), one))
    return ordered[:: max(1, len(ordered) // MOST)]


def drafts() -> list[bytes]:
    """Return what of the text vectors is text."""
    return [one for one in vectors("text") if b"\x00" not in one and _is_text(one)]


def _is_text(data: bytes) -> bool:
    """Tell whether bytes are UTF-8."""
    return data.decode("utf-8", "replace").encode() == data


def _strings(value: Any) -> Iterator[str]:
    """Yield every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def _readings(text: str) -> Iterator[bytes]:
    """Yield the bytes that a string can stand for."""
    yield text.encode("utf-8", "surrogatepass")
    with suppress(ValueError):
        yield bytes.fromhex(text)
    with suppress(binascii.Error, ValueError):
        yield base64.b64decode(text, validate=True)


@cache
def outcome() -> bytes:
    """Return the outcome of a whole talks in memory."""
    stage, instrument, said = full()
    record = stage.record(extra=[stage.hash(said)])
    stage.close(record, deposit=instrument)
    return stage.assembled(record).to_bytes()


@cache
def smith() -> Talksmith:
    """Return talks whose acts are not signed, with modalities and a text on the table."""
    talks = Talksmith(2, signing=False)
    for event in events(talks)[:2]:
        talks.post("A", event)
        if isinstance(event, ModalitiesProposed):
            talks.post("B", event)
    return talks


def events(talks: Talksmith) -> list[Any]:
    """Return events of many kinds that these talks could hold."""
    ids = [talks.id(name) for name in talks.names]
    modalities = Modalities(
        names={one: dict.fromkeys(ids, "the Party") for one in ids},
        authentic=("en", "ru"),
        working=("en",),
        levels=("ministers",),
    )
    units = tuple(
        Unit(
            id=f"u{at}",
            kind="article",
            label=f"Article {at}",
            texts={"en": (Words(text="The Parties agree."),)},
        )
        for at in range(3)
    )
    text = Instrument(id="text", titles={"en": "Text"}, authentic=("en",), units=units)
    change = Change(unit="u1", base=units[1].digest, texts={"en": (Words(text="The Parties shall agree."),)})
    return [
        ModalitiesProposed(modalities=modalities),
        TextTabled(instrument=text),
        AmendmentProposed(instrument="text", proposal="p1", changes=(change,)),
        StanceTaken(instrument="text", says="reserves", unit="u1"),
        StatementMade(text="We are ready.", language="en", to=(seed("act", size=32),)),
        NotePassed(text="Note", language="en", subject="Water", urgent=True),
        FullPowersProduced(member=ident("member", "A"), ex_officio=True),
        TalksBrokenOff(text="Enough.", language="en"),
    ]


@cache
def acts() -> list[bytes]:
    """Return acts as bytes: of the golden talks, and one of each of `events`."""
    talks = smith()
    kept = vectors("talks", holding=b"good-offices/act/1")
    made = [pack(talks.act("A", event)) for event in events(talks)]
    return [*made, *(one for one in kept if b"good-offices/signed-act/1" not in one)]
