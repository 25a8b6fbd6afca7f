"""Long loops on all cores: in order, told, stopped at any time, and their threads closed."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.support.soundings import Played
from tests.support.waiting import LONGEST

from good_offices.desk.soundings import working
from good_offices.desk.soundings.working import Working
from good_offices.errors import LocalError
from good_offices.seals import group
from good_offices.soundings import pair, scope


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "_cores", lambda: 2)


def number(item: int) -> bytes:
    return item.to_bytes(4)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 1000])
def test_results_are_those_of_one_after_another(count: int) -> None:
    with Working() as each:
        assert list(each(number, range(count))) == list(scope.serial(number, range(count)))
        assert list(each(number, list(range(count))[::-1])) == [number(at) for at in range(count)][::-1]


def test_few_items_are_shared_by_all_cores() -> None:
    """A run of 32 options must not be left to one thread: each waits here until the other has come."""
    both = threading.Barrier(2, timeout=LONGEST)
    seen: set[int] = set()

    def meet(item: int) -> bytes:
        if item in (0, 7):
            both.wait()
        seen.add(threading.get_ident())
        return number(item)

    with Working() as each:
        assert len(list(each(meet, range(8)))) == 8
    assert len(seen) == 2


@pytest.mark.parametrize(
    ("count", "portions"), [(1, 1), (2, 2), (32, 2), (64, 2), (65, 8), (125, 8), (1000, 20)]
)
def test_portions_are_few_where_items_are_few_and_even_where_they_are_not(count: int, portions: int) -> None:
    told: list[int] = []
    with Working(lambda done, _: told.append(done)) as each:
        list(each(number, range(count)))
    assert len(told) == portions
    sizes = [after - before for before, after in zip([0, *told], told, strict=False)]
    assert max(sizes[:-1], default=0) <= working.PORTION
    assert len(set(sizes[:-1])) <= 1


def test_it_tells_how_far_it_is_in_the_thread_that_asked() -> None:
    told: list[tuple[int, int]] = []
    threads: set[int] = set()

    def tell(done: int, total: int) -> None:
        told.append((done, total))
        threads.add(threading.get_ident())

    with Working(tell) as each:
        assert len(list(each(number, range(1003)))) == 1003
        assert told[-1] == (1003, 1003)
        assert [done for done, _ in told] == sorted({done for done, _ in told})
        assert len(told) == -(-1003 // working.PORTION)
        told.clear()
        list(each(number, []))
    assert not told
    assert threads == {threading.get_ident()}


def test_a_stop_ends_the_loop_and_leaves_the_rest_undone() -> None:
    done: list[int] = []
    computed: list[int] = []
    # What comes later waits, as work would: else all may be done before this thread has its turn to stop it.
    go_on = threading.Event()

    def compute(item: int) -> bytes:
        computed.append(item)
        assert item < 1000 or go_on.wait(LONGEST)
        return number(item)

    found: list[bytes] = []
    with Working(lambda count, _: done.append(count), lambda: len(done) >= 2) as each:
        loop = each(compute, range(100_000))
        with pytest.raises(LocalError) as stopped:
            found.extend(loop)
        go_on.set()
        assert stopped.value.code == "sounding-stopped"
        assert found == [number(at) for at in range(2 * working.PORTION)]
    assert done == [50, 100]
    assert len(computed) < 100_000


def test_a_stop_before_the_beginning_computes_nothing_more() -> None:
    with Working(stop=lambda: True) as each, pytest.raises(LocalError, match="stopped"):
        list(each(number, range(10)))


def test_an_error_is_the_first_in_order_and_ends_the_loop() -> None:
    computed: list[int] = []
    go_on = threading.Event()

    def fail(item: int) -> bytes:
        computed.append(item)
        assert item < 1000 or go_on.wait(LONGEST)
        if item in (120, 60_000):
            raise LocalError("sounding-context", why=str(item))
        return number(item)

    with Working() as each:
        with pytest.raises(LocalError) as broken:
            list(each(fail, range(100_000)))
        go_on.set()
    assert broken.value.facts["why"] == "120"
    assert len(computed) < 100_000


def test_closed_its_threads_have_ended_and_it_computes_no_more() -> None:
    each = Working()
    assert list(each(number, range(3))) == [number(at) for at in range(3)]
    each.close()
    assert not [one for one in threading.enumerate() if one.name.startswith("sounding")]
    with pytest.raises(RuntimeError):
        list(each(number, range(3)))


def test_a_run_over_all_cores_has_the_same_bytes() -> None:
    both = Played([[True, False, True] * 11, [True, True, False] * 11])
    with Working() as each, ThreadPoolExecutor(2) as pool:
        for mapper in (each, lambda function, items: group.each(function, items, pool, chunk=4)):
            assert pair.first(both.sides[0], each=mapper) == both.first[0]
            assert pair.read_first(both.run, 1, both.first[1], each=mapper) == both.firsts[1]
            assert pair.second(both.sides[0], both.firsts, each=mapper) == both.second[0]
            assert pair.read_second(both.run, 1, both.firsts, both.second[1], each=mapper) == both.seconds[1]
            scalars = [one.scalar for one in both.deposits]
            assert pair.opened(both.run, both.seconds, scalars, each=mapper) == list(range(0, 33, 3))


def test_what_was_stopped_is_not_computed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks are kept while the loop is under way, not at its end."""
    monkeypatch.setattr(scope, "STORED", 4)
    monkeypatch.setattr(working, "PORTION", 2)
    both = Played([[True, False, True, False] * 4] * 2)
    store: dict[bytes, bytes] = {}
    told: list[int] = []
    with (
        Working(lambda done, _: told.append(done), lambda: len(told) >= 5) as each,
        pytest.raises(LocalError) as stopped,
    ):
        pair.first(both.sides[0], each=each, store=store)
    assert stopped.value.code == "sounding-stopped"
    assert told[-1] == 10
    assert len(store) == 2
    totals: list[int] = []
    with Working(lambda _, total: totals.append(total)) as each:
        assert pair.first(both.sides[0], each=each, store=store) == both.first[0]
    assert set(totals) == {8}
    assert len(store) == 4
