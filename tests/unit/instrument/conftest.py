"""One whole talks, played once by the real rules; each test works on a copy."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from tests.support.outcomes import Stage, full


class Talks(SimpleNamespace):
    """A stage before its closing record, the instrument, and the statement to be shown."""


@pytest.fixture(scope="session")
def _played() -> tuple[Stage, object, int]:
    return full()


@pytest.fixture
def talks(_played) -> Talks:
    stage, instrument, said = _played
    stage = stage.copy()
    record = stage.record(extra=[stage.hash(said)])
    return Talks(stage=stage, instrument=instrument, said=said, record=record)


@pytest.fixture(scope="session")
def honest(_played) -> tuple[Stage, bytes]:
    """The honest file, and the stage that it comes from."""
    stage, instrument, said = _played
    stage = stage.copy()
    record = stage.record(extra=[stage.hash(said)])
    stage.close(record, deposit=instrument)
    return stage, stage.assembled(record).to_bytes()


@pytest.fixture(scope="session")
def fresh() -> Callable[[], Stage]:
    """Talks right after accession."""
    opened = Stage().open()
    return opened.copy
