"""The declaration of good offices: what may stand in one, and where it is kept."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from good_offices.errors import GoodOfficesError, LocalError, OperationalError
from good_offices.venue import backup as backups
from good_offices.venue import declaration as kept
from good_offices.venue import folder as folders
from good_offices.venue.declaration import Conditions, Declaration, Version

WHOLE = """
format = 1
valid_from = 2026-12-01
valid_until = 2027-11-30
interpretation = [["en", "ru"], ["ru", "kk"]]

[versions.en]
to = "To any parties that wish to meet"
words = '''
We offer a place.

We ask for nothing.'''
[versions.en.conditions]
places = "A house at a lake"
entry = "Visas on arrival"

[versions.ar]
words = "نعرض مكانا"
"""


@pytest.fixture
def folder(tmp_path: Path) -> folders.Folder:
    return folders.init(tmp_path / "venue", "Lake House")


def why(text: str) -> str:
    with pytest.raises(LocalError) as refused:
        kept.read(text)
    return f"{refused.value.code}: {refused.value}"


def test_a_whole_declaration_is_read() -> None:
    read = kept.read(WHOLE)
    assert (read.valid_from, read.valid_until) == (date(2026, 12, 1), date(2027, 11, 30))
    assert read.interpretation == [("en", "ru"), ("ru", "kk")]
    assert read.versions["en"].words == "We offer a place.\n\nWe ask for nothing."
    assert read.versions["en"].offered == [
        ("Places", "A house at a lake"),
        ("Visas and safe conduct", "Visas on arrival"),
    ]
    assert kept.read(kept.to_toml(read)) == read


WORDS = st.text(st.sampled_from("ab \"\\'\n\t#=[]«»1"), min_size=1, max_size=40).filter(str.strip)


@given(words=WORDS, condition=WORDS, to=WORDS.map(lambda one: one.replace("\n", " ")))
def test_what_is_written_is_read_again(words: str, condition: str, to: str) -> None:
    version = Version(words=words, to=to, conditions=Conditions(rooms=condition))
    made = Declaration(versions={"ru": version}, interpretation=[("ru", "fa-AF")])
    assert kept.read(kept.to_toml(made)) == made


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", "declaration-invalid"),
        ("signature = 1", "unknown field"),
        ("[versions.en]\nwords = 'a'\nsigned = true", "unknown field"),
        ("[versions.en]\nwords = 'a'\n[versions.en.conditions]\nfood = 'b'", "unknown field"),
        ("[versions.en]\nto = 'a'", "declaration-invalid"),
        ("[versions.en]\nwords = ' '", "without words"),
        ("[versions.en]\nwords = 1", "declaration-invalid"),
        ("[versions.'../en']\nwords = 'a'", "no language tag"),
        ("[versions.EN]\nwords = 'a'", "no language tag"),
        ("format = 0", "format 0"),
        ("format = '1'", "declaration-invalid"),
        ("interpretation = [['en']]", "declaration-invalid"),
        ("interpretation = [['en', '']]", "no language tag"),
        ("interpretation = [['en', 'en']]", "with itself"),
        ("interpretation = [['en', 'ru'], ['ru', 'en']]", "twice"),
        ("valid_from = 2026-02-30", "declaration-invalid"),
        ("valid_from = 2026-02-02\nvalid_until = 2026-02-01", "ends before"),
        (f"[versions.en]\nwords = '{'a' * (kept.MAX_WORDS + 1)}'", "20001 characters"),
        (f"[versions.en]\nwords = 'a'\nto = '{'a' * (kept.MAX_TO + 1)}'", "501 characters"),
        ("[versions.en]\nwords = 'a'\nto = '''a\nb'''", "line break"),
        ("".join(f"[versions.a{chr(97 + n)}]\nwords = 'a'\n" for n in range(13)), "too many languages"),
        (f"#{'a' * kept.MAX_FILE}", "too long as a whole"),
    ],
)
def test_reading_is_strict(text: str, said: str) -> None:
    assert said in why(text)


def test_a_later_form_asks_for_a_later_release() -> None:
    assert "venue-folder-newer" in why("format = 2\nseal = 'x'")


@pytest.mark.parametrize("bad", ["\u202e", "\u2066", "\u200b", "\u00ad", "a\u0430", "e\u0301", "\ue000"])
@pytest.mark.parametrize("place", ["words", "to", "press"])
def test_what_cannot_be_seen_or_turns_the_direction_is_refused(bad: str, place: str) -> None:
    parts = {"words": "Fine", "to": "", "press": ""} | {place: f"peace {bad} talks"}
    conditions = Conditions(press=parts["press"])
    version = Version(words=parts["words"], to=parts["to"], conditions=conditions)
    with pytest.raises(LocalError) as refused:
        kept.check(Declaration(versions={"en": version}))
    assert refused.value.code == "text-not-plain"


def test_the_draft_is_seen_by_nobody_until_it_is_published(folder: folders.Folder) -> None:
    assert kept.draft(folder) == Declaration()
    with pytest.raises(LocalError, match="no declaration"):
        kept.publish(folder)
    first = kept.read(WHOLE)
    kept.keep(folder, first)
    assert kept.published(folder) is None
    kept.publish(folder)
    second = Declaration(versions={"en": Version(words="Other words")})
    kept.keep(folder, second)
    assert (kept.draft(folder), kept.published(folder)) == (second, first)
    assert kept.withdraw(folder)
    assert not kept.withdraw(folder)
    assert (kept.draft(folder), kept.published(folder)) == (second, None)


def test_files_are_the_operators_alone_and_whole(folder: folders.Folder) -> None:
    before = set(folder.path.iterdir())
    kept.keep(folder, kept.read(WHOLE))
    (made,) = set(folder.path.iterdir()) - before
    assert made.name == kept.DRAFT
    assert made.stat().st_mode & 0o777 == 0o600


def test_nothing_is_kept_that_could_not_be_read_again(folder: folders.Folder) -> None:
    long = Version(words="я" * kept.MAX_WORDS, conditions=Conditions(rooms="я" * kept.MAX_CONDITION))
    tags = ("en", "ru", "uk", "kk", "fr", "ar", "zh", "es", "de", "pl", "tr", "fa")
    with pytest.raises(LocalError, match="too long as a whole"):
        kept.keep(folder, Declaration(versions=dict.fromkeys(tags, long)))
    assert kept.draft(folder) == Declaration()
    with pytest.raises(LocalError):
        kept.keep(folder, Declaration(versions={"en": Version(words="")}))


@pytest.mark.parametrize("data", [b"\xff", b"[versions.en]\nwords = 'a\xe2\x80\xae'", b"#" * 600_000])
def test_a_damaged_file_is_refused(folder: folders.Folder, data: bytes) -> None:
    (folder.path / kept.DRAFT).write_bytes(data)
    with pytest.raises(GoodOfficesError):
        kept.draft(folder)


def test_a_disk_that_fails_is_told(folder: folders.Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folders, "write_private", fails)
    with pytest.raises(OperationalError, match="No space"):
        kept.keep(folder, kept.read(WHOLE))
    (folder.path / kept.PUBLISHED).mkdir()
    for done in (kept.published, kept.withdraw):
        with pytest.raises(OperationalError):
            done(folder)


def test_a_backup_brings_draft_and_published_back(folder: folders.Folder, tmp_path: Path) -> None:
    backups.backup(folder, tmp_path / "before")
    kept.keep(folder, kept.read(WHOLE))
    kept.publish(folder)
    kept.keep(folder, Declaration(versions={"en": Version(words="Later words")}))
    backups.backup(folder, tmp_path / "after")
    assert kept.draft(backups.restore(tmp_path / "before", tmp_path / "one")) == Declaration()
    again = backups.restore(tmp_path / "after", tmp_path / "two")
    assert kept.draft(again) == kept.draft(folder)
    assert kept.published(again) == kept.read(WHOLE)
    assert (again.path / kept.PUBLISHED).stat().st_mode & 0o777 == 0o600
