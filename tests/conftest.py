"""What every test shares: the option for long runs, cheap passphrases, and the rule that CI skips nothing silently."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.house import KEEPING

from good_offices.seals import keyring

# What tests write is thrown away. Venues and desks wait for the disk at every entry (synchronous=FULL); where the system has
# a folder in memory with room, nobody waits. Whoever wants another folder sets the variable.
MEMORY, ROOM = Path("/dev/shm"), 2 << 30
if os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

# Tests read English sentences, also in the processes they start, whatever the developer's own language.
os.environ["LANGUAGE"] = "en"

DATA = Path(__file__).parent.parent.parent / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kills", type=int, default=0, help="sudden ends in each fault test (0: the quick number)"
    )


# Files that take long come first: with one file at a time to each process, the last must not be a long one. Of these, what
# draws pages, what computes and what waits (for other processes, for beats) take turns, so that the machine is never idle.
_LANES = (("browser",), ("hostile", "properties"), ("scenarios", "cli", "indistinguishable", "faults"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, a file of each lane in turn; the order within a file stays."""
    folders = {item.path: item.path.relative_to(Path(__file__).parent).parts[0] for item in items}
    turns: dict[Path, tuple[int, int]] = {}
    for lane, names in enumerate(_LANES):
        files = sorted(
            (path for path in folders if folders[path] in names), key=lambda one: names.index(folders[one])
        )
        turns |= {path: (turn, lane) for turn, path in enumerate(files)}
    others = (len(turns), 0)
    items.sort(key=lambda item: turns.get(item.path, others))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """With CI set, a test that skips for want of a browser or a database fails instead."""
    outcome = yield
    report = outcome.get_result()
    needs = {"browser", "database"} & {mark.name for mark in item.iter_markers()}
    if report.skipped and needs and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} needs a {' and a '.join(sorted(needs))}, and CI skips none"


@pytest.fixture
def real_draft() -> Path:
    """The October 2015 Paris draft, where the public documents are at hand."""
    path = DATA / "paris-2015-10.md"
    if not path.is_file():
        pytest.skip(f"the public draft is not at {path}; this test needs it and nothing else does")
    return path


@pytest.fixture(scope="session", autouse=True)
def price_of_passphrases() -> Iterator[dict[str, int]]:
    """What Argon2id costs new key files; in this process it costs the least that a key file may ask.

    tests/unit/seals tries it at its price, and so does every process that a test starts.
    """
    price = {name: getattr(keyring, name) for name in ("MEMORY_KIB", "PASSES", "LANES")}
    with pytest.MonkeyPatch.context() as patch:
        for name, least in (("MEMORY_KIB", 8 * 1024), ("PASSES", 1), ("LANES", 1)):
            patch.setattr(keyring, name, least)
        yield price


@pytest.fixture(scope="session", autouse=True)
def kept_houses(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where tests/support/house.py keeps the houses that it copies."""
    KEEPING.folder = tmp_path_factory.mktemp("houses")
