"""Communiqués in memory: talks of a smith whose text is released, and the file that their desks sign."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.support.drafting import T, Table
from tests.support.talksmith import Talksmith

from good_offices.encoding import pack
from good_offices.register.certified import Certified
from good_offices.register.communique import FILE, Communique, CommuniqueFile, Signed
from good_offices.register.introduced import certificate_message
from good_offices.seals.domains import Domain
from good_offices.talks.events_communique import (
    CommuniqueAccepted,
    CommuniqueProposed,
    CommuniqueReleased,
    CommuniqueSigned,
    CommuniqueWithdrawn,
)
from good_offices.talks.events_plenary import Modalities, ModalitiesProposed

TITLES = {"en": "Joint communiqué", "ru": "Совместное коммюнике"}


def called(smith: Talksmith) -> dict[str, str]:
    return {smith.id(name): f"Party {name}" for name in smith.names}


def modalities(smith: Talksmith, **fields: Any) -> Modalities:
    names = called(smith)
    return Modalities(
        names=dict.fromkeys(names, names),
        authentic=("en", "ru"),
        working=("en",),
        levels=("ministers",),
        **fields,
    )


class Releasing(Table):
    """A talks with modalities in force and a text that can be released."""

    def __init__(self, parties: int = 2, **fields: Any) -> None:
        super().__init__(parties)
        self.both(ModalitiesProposed(modalities=modalities(self.smith, **fields)))

    def proposal(self, **fields: Any) -> CommuniqueProposed:
        plain: dict[str, Any] = {
            "instrument": T, "digest": self.text.instrument.digest, "titles": TITLES, "names": called(self.smith)
        }  # fmt: skip
        return CommuniqueProposed(**(plain | fields))

    def state(self, content: bytes):
        return self.smith.replay.plenary.communiques[content.hex()]

    def signature(self, name: str, content: bytes) -> CommuniqueSigned:
        signer = self.smith.desk(name).signer
        return CommuniqueSigned(
            communique=content, signature=signer.sign(Domain.COMMUNIQUE, self.state(content).record)
        )

    def accepted(self, *names: str, **fields: Any) -> bytes:
        """Let all, or those named, accept a communiqué; return its content."""
        event = self.proposal(**fields)
        for verdict in self.both(event, *names):
            assert verdict.status == "valid", verdict
        return event.content

    def signed(self, **fields: Any) -> bytes:
        content = self.accepted(**fields)
        for name in self.smith.names:
            assert self.post(name, self.signature(name, content)).status == "valid"
        return content

    def accept(self, content: bytes, **fields: Any) -> CommuniqueAccepted:  # type: ignore[override]
        return CommuniqueAccepted(communique=content, **fields)

    def withdraw(self, content: bytes) -> CommuniqueWithdrawn:
        return CommuniqueWithdrawn(communique=content)

    def release(self, content: bytes) -> CommuniqueReleased:
        return CommuniqueReleased(communique=content)


def certified(smith: Talksmith, name: str) -> Certified:
    """Return a party's desk with its certificate by the party's first root."""
    party, desk = smith.parties[name.split(".", maxsplit=1)[0]], smith.desk(name)
    message = certificate_message(desk.statement, party.root)
    return Certified(
        statement=desk.statement,
        roots=(party.root,),
        certificate=party.signer.sign(Domain.CERTIFICATE, message),
    )


def communique(smith: Talksmith, **fields: Any) -> Communique:
    plain: dict[str, Any] = {
        "talks": smith.talks,
        "names": dict(sorted(called(smith).items())),
        "titles": TITLES,
        "words": {"en": "We met.\n\nWe agreed.", "ru": "Мы встретились.\n\nМы договорились."},
    }
    return Communique(**(plain | fields))


def signed_file(smith: Talksmith, record: bytes | Communique, *names: str, **fields: Any) -> CommuniqueFile:
    """Return the file of a record that these parties sign, all if none is named."""
    data = record if isinstance(record, bytes) else pack(record)
    by = sorted(names or smith.names, key=lambda one: smith.id(one.split(".")[0]))
    signed = tuple(
        Signed(desk=certified(smith, one), signature=smith.desk(one).signer.sign(Domain.COMMUNIQUE, data))
        for one in by
    )
    return CommuniqueFile(**({"form": FILE, "record": data, "signed": signed} | fields))


def number(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
