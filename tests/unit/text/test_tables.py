"""Tables: the hash of spec/text.md rule 8.8, and that a remembered one is the one computed anew."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from good_offices.text.tables import of_units, put, table_digest

KEYS = st.text("abcé/09", max_size=3)


@dataclass(frozen=True)
class Entry:
    """An entry with a hash."""

    name: str

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.name.encode()).digest()


def by_the_book(table: dict) -> bytes:
    """The hash as a stranger would compute it from the specification."""
    whole = b""
    for number in range(64):
        keys = sorted(key for key in table if hashlib.sha256(key.encode()).digest()[0] % 64 == number)
        if keys:
            names = "\x00".join(keys).encode()
            rows = [v.to_bytes(8) if isinstance(v := table[key], int) else v.digest for key in keys]
            whole += (
                bytes([number]) + hashlib.sha256(len(names).to_bytes(8) + names + b"".join(rows)).digest()
            )
    return hashlib.sha256(whole).digest()


@given(
    st.dictionaries(KEYS, KEYS.map(Entry), max_size=6),
    st.lists(
        st.tuples(
            st.dictionaries(KEYS, KEYS.map(Entry), max_size=4), st.lists(KEYS, max_size=4), st.booleans()
        )
    ),
)
def test_what_is_remembered_is_what_is_computed_anew(start, steps):
    table, plain = start, dict(start)
    for new, without, asked in steps:
        before = table_digest(table)
        after = put(table, new, without)
        plain = {**{key: one for key, one in plain.items() if key not in without}, **new}
        assert after == plain
        assert table_digest(table) == before  # the table before is as it was
        table = after
        if asked:
            assert table_digest(table) == by_the_book(plain)
    assert table_digest(table) == by_the_book(plain)
    assert table_digest(dict(sorted(plain.items(), reverse=True))) == table_digest(table)


def test_numbers_and_nothing():
    assert table_digest({"a": 1, "b": 2}) == by_the_book({"a": 1, "b": 2})
    assert table_digest({}) == hashlib.sha256(b"").digest()
    assert type(put({"a": 1}, {}, ["a"])) is dict


@dataclass(frozen=True)
class About:
    """An entry about a unit."""

    unit: str
    fate: str


ABOUT = st.dictionaries(
    KEYS, st.builds(About, st.sampled_from("uvw"), st.sampled_from(("", "gone"))), max_size=5
)


@given(
    ABOUT,
    st.lists(st.tuples(ABOUT, st.lists(KEYS, max_size=4), st.none() | st.sets(st.sampled_from("uvwx")))),
)
def test_the_entries_about_units_are_those_that_a_look_at_each_finds(start, steps):
    table = start
    for new, without, units in steps:
        before, kept = table, of_units(table, {"u", "v"})
        table = put(table, new, without)
        assert of_units(before, {"u", "v"}) == kept  # the table before is as it was
        if units is not None:
            assert of_units(table, units) == {key: one for key, one in table.items() if one.unit in units}
    assert of_units(table, {"u"}) == {key: one for key, one in table.items() if one.unit == "u"}
