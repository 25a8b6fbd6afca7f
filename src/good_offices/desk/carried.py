"""What a pouch proves to anybody who holds the file alone: the verifier behind `verify` for its form.

This module decides what is said of a pouch. It never opens an envelope, and needs no desk folder: it stands here because it
reads both the transport's form and the finding of the outcome, and neither of those may know the other.
"""

from __future__ import annotations

from good_offices.errors import RemoteError
from good_offices.instrument import finding as findings
from good_offices.instrument.anchors import Beside
from good_offices.instrument.finding import Finding
from good_offices.locale import N_
from good_offices.locale.phrases import Phrase, phrase
from good_offices.register.genesis import Genesis, talks_id
from good_offices.transport.pouch import POUCH, Part, check_part, read_pouch


def verify_pouch(data: bytes, beside: Beside) -> Finding:
    """Return what a pouch proves (spec/transport.md rules 9.7 and 9.10).

    Raises:
        RemoteError: with the code of the first thing that does not hold; `root-differs`.
    """
    pouch = read_pouch(data)
    genesis = [Genesis.parse(part.genesis) for part in pouch.parts]
    talks = {
        talks_id(part.genesis) if one.caucus is None else one.caucus.talks
        for part, one in zip(pouch.parts, genesis, strict=True)
    }
    keys = pouch.parts[0].keys
    if len(talks) != 1 or any(part.keys.named(keys.origin) != keys for part in pouch.parts):
        raise RemoteError("pouch-broken", why="its registers are of different talks or hosts")
    anchors = beside.anchors
    if not anchors.required <= {keys.fingerprint}:
        raise RemoteError("root-differs")
    known = keys.fingerprint in anchors.all or keys in anchors.hosts
    doubts = (
        phrase(N_("who wrote the entries, or what they say: they are sealed")),
        phrase(N_("that what was before the first entry of each register is what its desk holds")),
        findings.NOT_ARRIVAL,
    )
    return Finding(
        form=POUCH,
        valid=True,
        trust="established" if known else "unestablished",
        proves=tuple(line for part in pouch.parts for line in _proved(part)),
        does_not_prove=doubts if known else (findings.NOT_HOST, *doubts),
        talks=talks.pop().hex(),
        host=keys.fingerprint,
        origin=keys.origin,
        size=check_part(pouch.parts[0]).size,
    )


def _proved(part: Part) -> list[Phrase]:
    """Return what one register of a pouch proves."""
    size = check_part(part).size
    start, end = part.page.start, part.page.start + len(part.page.entries)
    receipts = sum(len(one.receipts) for one in part.receipts)
    lines = [
        phrase(
            N_("that the host signed the register {register} with {size} entries"),
            register=part.register,
            size=size,
        )
    ]
    if end > start:
        lines.append(
            phrase(
                N_("that entries {first} to {last} of the pouch stand there, unchanged"),
                first=start,
                last=end - 1,
            )
        )
    if receipts:
        lines.append(
            phrase(
                N_("that entries of the letter stand there, each where its receipt says: {count}"),
                count=receipts,
            )
        )
    return lines
