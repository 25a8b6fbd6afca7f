"""When the writer is given what was gathered (sequencer, rules 1 and 3): nobody waits for long, and nobody for ever."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from good_offices.register.leaf import Kind
from good_offices.venue import sequencer as module
from good_offices.venue.folder import init, open_folder
from good_offices.venue.hub import Hub
from good_offices.venue.offer import offer
from good_offices.venue.sequencer import MANY, Sequencer


def _handed(tmp_path: Path, counts: list[int], monkeypatch: pytest.MonkeyPatch, linger: float) -> list[int]:
    """Return the entries of each batch, when one request of each count is sent once the first was answered."""
    monkeypatch.setattr(module, "LINGER", linger)
    folder = init(tmp_path / "venue", "Lake House")
    common = offer(folder, parties=2, out=tmp_path / "talks", url="http://x").invitations[0].common
    sizes: list[int] = []

    async def main() -> None:
        one = Sequencer(open_folder(folder.path), Hub())
        step = one._step
        monkeypatch.setattr(
            one, "_step", lambda batch: (sizes.append(sum(map(module._size, batch))), step(batch))
        )
        one.start(asyncio.get_running_loop())
        register = one.store.register(common)
        assert register is not None
        number = iter(range(1000))
        for wave in (counts[:1], counts[1:]):
            futures = []
            for count in wave:
                bodies = [(Kind.ENVELOPE, b"%d" % next(number)) for _ in range(count)]
                futures.append(one.append(register, bodies))
                # Each request comes in a turn of its own.
                await asyncio.sleep(0.02)
            await asyncio.wait_for(asyncio.gather(*futures), 10)
        await one.stop()

    asyncio.run(main())
    return sizes


def test_many_that_were_answered_together_come_together_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = MANY // 2
    assert _handed(tmp_path, [MANY, half, half], monkeypatch, 30) == [MANY, MANY]


def test_those_who_stay_away_are_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _handed(tmp_path, [MANY, 1], monkeypatch, 0.05) == [MANY, 1]


def test_the_wait_goes_on_while_some_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # One comes each 20 ms, the last when the first 0.3 s are long over.
    monkeypatch.setattr(module, "LONGEST", 30)
    assert _handed(tmp_path, [MANY] + [1] * 20, monkeypatch, 0.3) == [MANY, 20]


def test_the_wait_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 0.1)
    batches = _handed(tmp_path, [MANY] + [1] * 20, monkeypatch, 0.06)
    assert sum(batches) == MANY + 20
    assert len(batches) > 2


def test_few_wait_for_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _handed(tmp_path, [MANY - 1, 1], monkeypatch, 30) == [MANY - 1, 1]
