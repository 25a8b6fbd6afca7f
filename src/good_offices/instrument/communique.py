"""What the file of a communiqué proves: every word of it, in every language, and whose signatures these are.

This module decides the words of the finding (spec/communique.md R-139). Whether the file holds is decided in
`register.communique`, by the same function with which the host takes it.
"""

from __future__ import annotations

from typing import Final

from good_offices.errors import RemoteError
from good_offices.instrument.anchors import NO_ANCHORS, Anchors
from good_offices.instrument.finding import NOT_IDENTITY, Finding, Rooted, Trust
from good_offices.instrument.rendering import when
from good_offices.locale import N_
from good_offices.locale.phrases import phrase
from good_offices.register.communique import FILE, verify_file

_NOT_ALL: Final = phrase(N_("that the delegations it names are all that take part in the talks"))
_NOT_RECALLED: Final = phrase(
    N_("that a desk had not been recalled when it signed, or who was sitting at it")
)
_NOT_WHEN: Final = phrase(N_("when it was signed, or when anybody could first read it"))
_NOT_TRUE: Final = phrase(N_("that anything said in it is so"))


def verify_communique(data: bytes, anchors: Anchors = NO_ANCHORS) -> Finding:
    """Return what the file of a communiqué proves, if it holds (spec/communique.md R-137, R-139).

    Raises:
        RemoteError: as `verify_file`; `root-differs` if the reader required another root.
    """
    verified = verify_file(data)
    said = verified.communique
    roots = tuple(
        Rooted(
            delegation=one.statement.delegation,
            name=said.names[one.statement.delegation],
            root=one.fingerprints[0],
            now=one.fingerprints[-1],
            trusted=any(had in anchors.all for had in one.fingerprints),
        )
        for one in verified.desks
    )
    if not anchors.required <= {had for one in verified.desks for had in one.fingerprints}:
        raise RemoteError("root-differs")
    trust: Trust = "established" if all(one.trusted for one in roots) else "unestablished"
    doubts = (_NOT_ALL, _NOT_RECALLED, _NOT_WHEN, _NOT_TRUE)
    return Finding(
        form=FILE,
        valid=True,
        trust=trust,
        proves=(
            phrase(
                N_(
                    "that a desk of each of these delegations signed these words, in every language shown: {names}"
                ),
                names=", ".join(said.names[one.statement.delegation] for one in verified.desks),
            ),
            *(
                (
                    phrase(
                        N_("that they agreed not to release it before this hour: {hour}"),
                        hour=said.embargo_words or when(said.embargo),
                    ),
                )
                if said.embargo or said.embargo_words
                else ()
            ),
        ),
        does_not_prove=doubts if trust == "established" else (NOT_IDENTITY, *doubts),
        text={tag: f"{said.titles[tag]}\n\n{words}\n" for tag, words in said.words.items()},
        roots=roots,
        talks=said.talks.hex(),
    )
