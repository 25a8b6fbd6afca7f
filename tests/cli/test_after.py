"""The verbs after the text: paper, procès-verbal, corrections, certified copies; and the end of a desk."""

import json
import subprocess
import sys

import pytest
from tests.support import ending
from tests.support.house import House
from tests.support.seats import seats


def settled(house):
    ending.signed(house)


@pytest.fixture
def table(tmp_path):
    """Two delegations that have signed a text in two languages."""
    with House(tmp_path, played=settled) as house:
        yield seats(house)


@pytest.fixture
def adopted(tmp_path):
    with House(tmp_path, played=ending.adopted) as house:
        yield seats(house)


def told(answer):
    return answer


def test_leaders_sign_on_paper(adopted, tmp_path):
    upper, lower = adopted
    (tmp_path / "scan.pdf").write_bytes(b"scan of the first original")
    words = ("--scan", tmp_path / "scan.pdf", "--place", "Arna", "--date", "1 May 2030")
    who = (
        "--signed",
        "Upper Basin",
        "Ada Vale",
        "President",
        "--signed",
        "Lower Basin",
        "Bo Tarn",
        "President",
    )
    done = upper.do("outcome", "paper", *words, *who)
    assert done["complete"] is False
    lower.do("desk", "sync")
    waits = lower.do("act", "pending")["joint"]
    assert [one["event"] for one in waits] == ["PaperSignatureAttested"]
    assert lower.do("act", "accept", done["index"])["complete"] is True
    shown = lower.do("outcome", "show")["texts"][0]
    assert shown["phase"] == "signed"
    assert shown["papers"][0]["signatories"][0] == ["Upper Basin", "Ada Vale", "President"]
    assert "already attested" in lower.refused("outcome", "paper", *words, *who).error


def test_procès_verbal_correction_and_certified_copy(table, tmp_path):
    upper, lower = table
    assert "Deposit" not in str(upper.do("outcome", "show"))
    refused = upper.refused("outcome", "certified-copy", tmp_path / "none.gocopy")
    assert "is not deposited" in refused.error
    refused = upper.refused("outcome", "proces-verbal", "--words", "en", "Signed at Arna.")
    assert "every authentic language" in refused.error
    done = upper.do("outcome", "proces-verbal", "--words", "en", "Signed.", "--words", "ru", "Подписано.")
    lower.do("desk", "sync")
    assert lower.do("act", "accept", done["index"])["complete"] is True
    error = ("--error", "2", "en", "ten years", "twelve years")
    assert (
        "only the depositary"
        in lower.refused("outcome", "correction", "notify", *error, "--days", "30").error
    )
    lower.do("outcome", "deposit", "--place", "Lake House")
    upper.do("desk", "sync")
    upper.do("outcome", "deposit")
    lower.do("desk", "sync")
    assert "only a desk of the depositary" in upper.refused("outcome", "certified-copy", tmp_path / "x").error
    notice = lower.do("outcome", "correction", "notify", *error, "--days", "30")
    upper.do("desk", "sync")
    assert upper.do("outcome", "correction", "show")["notices"][0]["fate"] == "open"
    answer = upper.do("outcome", "correction", "object", str(notice["index"]), "We meant ten.")
    assert answer["status"] == "valid"
    assert upper.do("outcome", "correction", "show")["notices"][0]["reason"] == "We meant ten."
    lower.do("desk", "sync")
    again = lower.do("outcome", "correction", "notify", *error)
    upper.do("desk", "sync")
    assert upper.do("act", "accept", again["index"])["complete"] is True
    shown = upper.do("outcome", "correction", "show")
    assert shown["corrected"] not in (None, shown["digest"])
    assert any("for “ten years” read “twelve years”" in one for one in shown["record"])
    lower.do("desk", "sync")
    copy = tmp_path / "copy.gocopy"
    lower.do("outcome", "certified-copy", copy, "--place", "Lake House", "--date", "2 May 2030")
    assert "already" in lower.refused("outcome", "certified-copy", copy).error
    run = subprocess.run(
        [sys.executable, "-m", "good_offices", "verify", copy, "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(run.stdout)
    assert found["valid"]
    assert found["certified"]["delegation"] == "Lower Basin"
    assert "twelve years" in found["text"]["en"]
    assert found["certified"]["digest"] == shown["digest"]
