"""Fields at their defaults: spec/encoding.md 5.2."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import msgspec
import pytest

import good_offices
from good_offices.encoding import Record, pack, unpack
from good_offices.encoding.canonical import encode
from good_offices.errors import RemoteError
from good_offices.talks.events_meetings import SittingProposed
from good_offices.talks.events_plenary import Modalities, NotePassed

PLAIN = (msgspec.NODEFAULT, None, True, False, 0, "", b"", ())


class Two(Record, kw_only=True):
    kind: str = "a-kind"
    size: int = 2**40
    mark: bytes = b"\x00\x00"
    names: tuple[str, ...] = ("one", "two")


class Three(Two, kw_only=True):
    other: str = "an-other"


def typed(words: str) -> str:
    """Return equal words that are another object, as those that somebody typed are."""
    return "".join(list(words))


def below(form: type[Record]) -> Iterator[type[Record]]:
    for one in form.__subclasses__():
        yield one
        yield from below(one)


def test_what_is_equal_to_a_default_is_left_out_whoever_made_it() -> None:
    made = Three(
        kind=typed("a-kind"),
        size=int("1099511627776"),
        mark=bytes([0, 0]),
        names=tuple(typed(one) for one in ("one", "two")),
        other=typed("an-other"),
    )
    assert pack(made) == pack(Three()) == encode({})
    assert pack(msgspec.structs.replace(Three(kind="b"), kind=typed("a-kind"))) == encode({})
    assert pack(Three(kind="b")) == encode({"kind": "b"})


@pytest.mark.parametrize(
    "value", [{"kind": "a-kind"}, {"size": 2**40}, {"mark": bytes(2)}, {"names": ["one", "two"]}]
)
def test_a_default_that_is_spelt_out_is_refused(value: dict[str, object]) -> None:
    with pytest.raises(RemoteError) as refused:
        unpack(encode(value), Two)
    assert refused.value.code == "not-canonical"


def test_a_kind_that_was_typed_has_the_bytes_of_the_default() -> None:
    said = NotePassed(text="We ask for a delay.", language="en")
    same = NotePassed(text="We ask for a delay.", language="en", kind=typed("note-verbale"))  # type: ignore[arg-type]
    assert pack(same) == pack(said)
    spelt = {"event": "NotePassed", "text": "x", "language": "en", "kind": "note-verbale"}
    with pytest.raises(RemoteError):
        unpack(encode(spelt), NotePassed)
    closed = {"level": "experts", "title": "x", "start": 0, "end": 1}
    words = typed("closed")
    assert pack(SittingProposed(**closed, format=words)) == pack(SittingProposed(**closed))  # type: ignore[arg-type]
    terms = {"names": {}, "authentic": (), "working": (), "levels": ()}
    spoken = {"confidentiality": "closed", "presiding": "none", "vocabulary": "treaty"}
    fresh = {name: typed(word) for name, word in spoken.items()}
    assert pack(Modalities(**terms, **fresh)) == pack(Modalities(**terms))  # type: ignore[arg-type]


def test_no_form_of_the_project_has_a_default_that_its_records_do_not_know() -> None:
    for module in pkgutil.walk_packages(good_offices.__path__, "good_offices."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    seen = 0
    for form in below(Record):
        if not form.__module__.startswith("good_offices."):
            continue
        known = getattr(getattr(form, "__post_init__", None), "defaults", {})
        for one in msgspec.structs.fields(form):
            if one.default not in PLAIN:
                seen += 1
                assert known.get(one.name) is one.default, f"{form.__name__}.{one.name}"
    assert seen > 10
