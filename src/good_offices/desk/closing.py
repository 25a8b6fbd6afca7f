"""What a desk does not sign unawares: a closing record that time has passed by, or one of a text that lacks signatures.

This module decides what is asked of a closing record beyond the rules of the talks. The rules let both be signed (spec/talks.md
R-63): the first signature stands, and talks may end without signature. It never changes what a record says.
"""

from __future__ import annotations

from good_offices.errors import LocalError
from good_offices.talks.closing import closing_record
from good_offices.talks.events_outcome import ClosingRecord
from good_offices.talks.replay import CommonReplay


def check_present(talks: CommonReplay, record: ClosingRecord) -> None:
    """Pass if a record that others have signed still says what these talks, as this desk has them, say.

    Raises:
        LocalError: `closing-differs`.
    """
    now = closing_record(
        talks.roster,
        talks.plenary,
        head=record.head,
        state=record.state,
        disclosed=record.disclosed,
        cosigners=record.cosigners,
    )
    for name in now.__struct_fields__:
        if getattr(now, name) != getattr(record, name):
            raise LocalError("closing-differs", part=name)


def check_signed(talks: CommonReplay) -> None:
    """Pass if every text that was adopted bears the signatures of all, each with effect.

    Raises:
        LocalError: `closing-unsigned`.
    """
    for name, text in sorted(talks.plenary.texts.items()):
        if text.phase in ("adopted", "initialled"):
            raise LocalError("closing-unsigned", instrument=name)
