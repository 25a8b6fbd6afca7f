"""The verbs after the text: paper, procès-verbal, corrections, certified copies; and the end of a desk."""

import csv
import json
import subprocess
import sys
import zipfile
from html.parser import HTMLParser

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


def test_record_of_signature_correction_and_certified_copy(table, tmp_path):
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
    assert "only the depositary certifies" in upper.refused("outcome", "certified-copy", tmp_path / "x").error
    notice = lower.do("outcome", "correction", "notify", *error, "--days", "30")
    upper.do("desk", "sync")
    assert upper.do("outcome", "correction", "show")["notices"][0]["fate"] == "open"
    answer = upper.do("outcome", "correction", "object", str(notice["index"]), "We meant ten.")
    assert answer["status"] == "valid"
    assert upper.do("outcome", "correction", "show")["notices"][0]["reason"] == "We meant ten."
    lower.do("desk", "sync")
    title = ("--error", "title", "en", "waters", "water")
    again = lower.do("outcome", "correction", "notify", *error, *title)
    upper.do("desk", "sync")
    assert upper.do("act", "accept", again["index"])["complete"] is True
    shown = upper.do("outcome", "correction", "show")
    assert shown["corrected"] not in (None, shown["digest"])
    assert any("for “ten years” read “twelve years”" in one for one in shown["record"])
    assert "Title, English: for “waters” read “water”" in shown["record"]
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


class Reader(HTMLParser):
    """What any browser would find on a page of the archive."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.words, self.links = [], [], []
        self.feed(page.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]
        assert not any(name.startswith("on") for name, _value in attrs)

    def handle_data(self, data):
        self.words.append(data)


def test_an_archive_is_read_without_this_software(table, tmp_path):
    upper, lower = table
    upper.do("note", "pass", "The <b>gauge</b> & the dam.", "--language", "en")
    upper.do("instructions", "ask", "A secret of ours.", "--language", "en")
    lower.do("desk", "sync")
    lower.do("outcome", "close")
    upper.do("desk", "sync")
    upper.do("outcome", "close")
    done = upper.do("record", "archive", "--out", tmp_path / "archive")
    folder = tmp_path / "archive"
    assert done["with_caucus"] is False
    page = Reader((folder / "rooms/plenary.html").read_bytes())
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    words = "".join(page.words)
    for part in ("The <b>gauge</b> & the dam.", "Head 0", "Upper Basin", "act sha256", "Written"):
        assert part in words
    index = Reader((folder / "index.html").read_bytes())
    for link in index.links:
        assert (folder / link).is_file()
    with (folder / "acts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [one["words"] for one in rows if one["event"] == "NotePassed"] == ["The <b>gauge</b> & the dam."]
    assert {one["room"] for one in rows} >= {"plenary", "roster"}
    assert "ten years" in (folder / "texts/river/en.md").read_text(encoding="utf-8")
    assert "десять лет" in (folder / "texts/river/ru.md").read_text(encoding="utf-8")
    run = [sys.executable, "-m", "good_offices", "verify", folder / "outcome.goodoffices"]
    subprocess.run(run, capture_output=True, check=True)
    readme = (folder / "README.txt").read_text(encoding="utf-8")
    assert "IN CLEAR" in readme
    assert "NOT IN THIS ARCHIVE" not in readme
    assert done["outcome_missing"] is None
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"A secret of ours." not in everything
    assert "exists" in upper.refused("record", "archive", "--out", folder).error
    whole = tmp_path / "archive.zip"
    upper.do("record", "archive", "--out", whole, "--with-caucus")
    with zipfile.ZipFile(whole) as packed:
        assert "A secret of ours." in packed.read("caucus/caucus.html").decode()
        assert b"A secret of ours." not in packed.read("acts.csv")
    assert whole.stat().st_mode & 0o077 == 0


def test_a_desk_is_destroyed_in_two_steps_with_the_name_typed(table, tmp_path):
    upper, _lower = table
    folder = upper.desk.storage.folder
    told = upper.do("desk", "destroy")
    assert told["destroyed"] is False
    assert any("outcomes, certified copies" in one for one in told["what"])
    assert (folder / "keyring").exists()
    assert "Head 0" in upper.refused("desk", "destroy", "--name", "Somebody").error
    assert (folder / "keyring").exists()
    assert upper.do("desk", "attest-destruction", "We destroy all of it today.")["status"] == "valid"
    assert "says nothing" in upper.refused("desk", "attest-destruction", " ").error
    done = upper.do("desk", "destroy", "--name", " Head  0 ")
    assert done["destroyed"] is True
    assert [path.name for path in folder.rglob("*")] == ["DESTROYED"]
