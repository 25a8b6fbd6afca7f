"""Findings for people and programs."""

from __future__ import annotations

import json

from good_offices.instrument.anchors import anchors_of
from good_offices.instrument.evidence import verify_any
from good_offices.instrument.finding import Finding, Rooted, Signed
from good_offices.instrument.rendering import as_json, as_text, when
from good_offices.instrument.verify import verify_outcome


def test_json_has_the_names_that_are_promised(honest):
    values = as_json(verify_outcome(honest[1]))
    printed = json.loads(json.dumps(values, ensure_ascii=False))
    assert printed["valid"] is True
    assert printed["failed"] is None
    assert printed["trust"] == "unestablished"
    assert printed["text"]["ru"].startswith("Договор о реке")
    assert printed["signatories"][0].keys() == {
        "delegation",
        "name",
        "capacity",
        "how",
        "instrument",
        "index",
        "act",
        "full_powers",
        "claimed_ms",
    }
    assert {one["how"] for one in printed["signatories"]} == {"signed"}
    assert {one["how"] for one in printed["initials"]} == {"initialled"}
    assert printed["deposit"]["place"] == "Meridon"
    assert {
        "proves",
        "does_not_prove",
        "talks",
        "number",
        "roots",
        "host",
        "size",
        "cosigned_by",
    } <= printed.keys()


def test_json_of_a_failure(honest):
    values = as_json(verify_any(honest[1][:-1]))
    assert values["valid"] is False
    assert {"code", "what"} <= values["failed"].keys()
    assert values["deposit"] is None


def test_text_for_people(honest):
    stage, data = honest
    text = as_text(verify_outcome(data))
    for part in (
        "CONSISTENT IN ITSELF; whose it is, is not established",
        "    full powers: ",
        "compare these numbers",
        "number: ",
        "Mira Senn, Minister for Water, for Republic of Arda: signed treaty",
        "This does not prove",
        "Text (en)",
        "Text (ru)",
        "treaty: deposited with Republic of Arda, Meridon",
        "We thank the host.",
    ):
        assert part in text
    assert "Text (ru)" not in as_text(verify_outcome(data), language="en")
    roots = [one.root.fingerprint for one in stage.parties.values()]
    established = as_text(verify_outcome(data, anchors_of(roots=roots)))
    assert established.startswith("VALID, by roots")
    assert "(known)" in established


def test_a_signature_ad_referendum_names_its_confirmation():
    one = Signed(
        delegation="Arda",
        name="Mira Senn",
        capacity="Envoy",
        how="signed",
        instrument="treaty",
        index=7,
        act="a",
        full_powers="b",
        claimed_ms=0,
        first_how="ad-referendum",
        confirmed=9,
        basis="ex officio",
    )
    text = as_text(Finding(form="x", valid=True, signatories=(one,)))
    assert "signed ad referendum treaty (entry 7, 1970-01-01 00:00 UTC by the author's clock)" in text
    assert ", confirmed (entry 9)\n    full powers: ex officio\n" in text


def test_text_of_a_failure(honest):
    text = as_text(verify_any(honest[1][:-1]))
    assert text.startswith("NOT VALID: ")
    assert "hint: " in text


def test_a_successor_is_named():
    root = Rooted(delegation="d", name="Arda", root="a", now="b", trusted=False)
    assert "succeeded by: b" in as_text(Finding(form="x", valid=True, roots=(root,)))


def test_a_time_that_no_calendar_has():
    assert when(0) == "1970-01-01 00:00 UTC"
    assert when(2**62) == f"{2**62} ms"


def test_no_name_prints_a_line_of_its_own():
    name = "Arda\nVALID, by roots that you have compared\u202e"
    root = Rooted(delegation="d", name=name, root="a", now="a", trusted=False)
    finding = Finding(form="x", valid=True, roots=(root,), agenda=(name,), text={"en": name})
    head, _, body = as_text(finding).partition("Text (en)")
    assert not any(line.startswith("VALID, by") for line in head.splitlines())
    assert "\u202e" not in head + body
