"""Reading drafts: the real one whole, and hostile ones with an error that names a place and a remedy."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from good_offices.errors import LocalError
from good_offices.text.brackets import open_points, pairs_of, slots_of
from good_offices.text.importing import MAX_DRAFT, Draft, Orphan, export, import_draft, read_draft
from good_offices.text.model import Open, Placeholder, Words

PARIS = Path(__file__).parents[4] / "shared" / "data" / "paris-2015-10.md"


@pytest.fixture(scope="module")
def paris() -> tuple[str, Draft]:
    if not PARIS.exists():
        pytest.skip(f"the October 2015 draft is not at {PARIS}")
    data = PARIS.read_bytes()
    return data.decode(), read_draft(data, "md")


def test_the_real_draft_is_structured_whole(paris):
    _, draft = paris
    assert len(draft.units) == 442
    assert draft.pairs == 1024
    assert draft.depth == 7
    assert draft.orphans == (
        Orphan(line=21, column=287, bracket="]"),
        Orphan(line=27, column=715, bracket="]"),
        Orphan(line=866, column=147, bracket="["),
    )
    assert draft.notes == tuple(str(number) for number in range(1, 13))
    assert (
        sum(option.label.startswith("Option ") and option.label[7].isdigit() for option in draft.options)
        == 143
    )


def test_every_pair_is_a_variant_of_a_slot(paris):
    _, draft = paris
    instrument = draft.to_instrument("en")
    slots = slots_of(instrument)
    assert sum(slot.variants for slot in slots.values()) == pairs_of(instrument, "en") == 1024
    across = [slot for slot in slots.values() if len(slot.units) > 1]
    assert len(across) == draft.crossing == 23
    bracketed = sum(1 for unit in instrument.units if "[" in _printed(unit) or "]" in _printed(unit))
    assert bracketed == 199


def _printed(unit):
    # Footnote marks are no brackets; neither is what a kept orphan leaves, so orphans count as characters.
    runs = unit.texts["en"]
    return "".join("[" if isinstance(run, Open) else getattr(run, "text", "") for run in runs) + (
        "]" if unit.slots else ""
    )


def test_the_real_draft_goes_out_as_it_came_in(paris):
    text, draft = paris
    assert draft.head + export(draft) == text
    assert draft.head.startswith("---\ntitle:")


def test_the_real_draft_is_read_in_time(paris):
    text, _ = paris
    start = time.process_time()
    import_draft(text, "md").to_instrument("en")
    assert time.process_time() - start < 2


def test_options_name_their_unit_and_whether_it_begins_with_them():
    draft = import_draft("**Option 1:** a\n\nas in Option 2\n\n[Option II: x]\n", "md")
    assert [(one.label, one.unit, one.leads, one.line) for one in draft.options] == [
        ("Option 1", 1, True, 1),
        ("Option 2", 2, False, 3),
        ("Option II", 3, True, 5),
    ]


def test_brackets_across_paragraphs_and_words():
    draft = import_draft("a [b\n\nlow-[carbon][emission] c] d", "txt")
    assert (draft.pairs, draft.crossing, draft.depth, draft.orphans) == (3, 1, 2, ())
    slots = slots_of(draft.to_instrument("en"))
    assert [(slot.kind, slot.units, slot.outer) for slot in slots.values()] == [
        ("retain", ("u1", "u2"), ""),
        ("choice", ("u2",), "s1"),
    ]


def test_orphans_stay_as_characters_and_escapes_as_they_were():
    text = r"a ] b \[c\] {lone \ [d] {hole} [^1] [" + "\n"
    draft = import_draft(text, "md")
    assert export(draft) == text
    assert [(one.column, one.bracket) for one in draft.orphans] == [(3, "]"), (37, "[")]
    words = "".join(run.text for run in draft.units[0].runs if isinstance(run, Words))
    assert words == "a ] b [c] {lone \\ d   ["
    assert any(isinstance(run, Placeholder) for run in draft.units[0].runs)


def test_attributions_are_read_when_the_names_are_given():
    text = "[extreme - US; G77 delete] weather [changing unsustainable - EU, G77 retain / promoting - US] [1990 - 2050]"
    names = {"US": "us", "G77": "g77", "EU": "eu"}
    draft = import_draft(text, "txt", names=names)
    opens = [run for run in draft.units[0].runs if isinstance(run, Open)]
    assert [(one.slot, one.variant, one.of, [(by.who, by.says) for by in one.by]) for one in opens] == [
        ("s1", 0, 1, [("us", ""), ("g77", "delete")]),
        ("s2", 0, 2, [("eu", ""), ("g77", "retain")]),
        ("s2", 1, 2, [("us", "")]),
        ("s3", 0, 1, []),
    ]
    assert draft.pairs == 3
    assert export(draft) == text
    plain = import_draft(text, "txt")
    assert export(plain) == text
    assert all(not run.by for run in plain.units[0].runs if isinstance(run, Open))


def test_a_slash_slot_across_paragraphs_is_one_variant():
    draft = import_draft("[a - US / b\n\nc - US]", "txt", names={"US": "US"})
    assert draft.pairs == 1
    assert export(draft) == "[a - US / b\n\nc - US]"


@pytest.mark.parametrize(
    "text",
    [
        "a\r\n\r\nb [c]\r\n",
        "a\r\nb\n\nc\r\n",
        "\n\n  a  \n   \n\tb\n",
        "a",
        "a\n",
        "1. x\n\n    (a) y\n\n\n\n2) z   ",
    ],
)
def test_layout_goes_out_as_it_came_in(text):
    assert export(import_draft(text, "md")) == text


def test_a_byte_order_mark_is_no_text():
    assert export(read_draft(b"\xef\xbb\xbfa [b]", ".MD")) == "a [b]"


def test_kinds_labels_and_parents():
    text = (
        "Recalling x,\n\n## Article 2bis *(purpose)*\n\n1. One\n\n    (a) Sub\n\n        - deep\n\nFree\n\n"
        "## Annex I\n\n### Part\n\n3.3bis y\n\n[^1]: A note\n\n---\n"
    )
    draft = import_draft(text, "md")
    assert [(unit.block.kind, unit.block.label, unit.parent) for unit in draft.units] == [
        ("recital", "", 0),
        ("article", "Article 2bis", 0),
        ("paragraph", "1.", 2),
        ("subparagraph", "(a)", 3),
        ("subparagraph", "-", 4),
        ("paragraph", "", 2),
        ("annex", "Annex I", 0),
        ("heading", "", 7),
        ("paragraph", "3.3bis", 8),
        ("note", "1", 0),
        ("layout", "", 0),
    ]
    assert export(draft) == text


def test_headings_of_plain_text():
    draft = import_draft(
        "ARTICLE 4\n\n# no heading here\n\nArticle 4 says that things are as they are\n", "txt"
    )
    assert [(unit.block.kind, unit.block.label) for unit in draft.units] == [
        ("article", "ARTICLE 4"),
        ("paragraph", ""),
        ("paragraph", ""),
    ]


def test_heads():
    assert import_draft("---\nkey: x\n---\na", "md").head == "---\nkey: x\n---\n"
    assert import_draft("---\na rule\n---\nb", "md").head == ""
    assert import_draft("---\n\na [b]", "md").head == ""
    assert import_draft("---\nkey: x\n---\na", "txt").head == ""
    assert import_draft("---\nkey: x\n---\na]", "md").orphans[0].line == 4
    with pytest.raises(LocalError) as refused:
        import_draft("---\ntitle: x\nauthor: y\n\ntext", "md")
    assert refused.value.code == "draft-head-unclosed"
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a\n\nb\0", 3, 2),
        ("ab\u202ecd", 1, 3),
        ("x\ny\u200bz", 2, 2),
        ("the p\u0430rty", 1, 6),
        ("e\u0301", 1, 1),
        ("a\rb", 1, 2),
    ],
)
def test_characters_that_are_refused_with_their_place(text, line, column):
    with pytest.raises(LocalError) as refused:
        import_draft(text, "md")
    assert refused.value.code == "draft-character"
    assert (refused.value.facts["line"], refused.value.facts["column"]) == (line, column)


@pytest.mark.parametrize(
    ("data", "form", "code"),
    [
        (b"PK\x03\x04....", "docx", "draft-format-unknown"),
        (b"PK\x03\x04....", "md", "draft-format-unknown"),
        (b"a", "pdf", "draft-format-unknown"),
        (b"a\n\xff", "txt", "draft-not-utf8"),
        (b"", "txt", "draft-empty"),
        (b" \n\t\n", "md", "draft-empty"),
        (b"[" * (10 * 1024 * 1024), "md", "too-large"),
        (b"[" * 2000, "md", "draft-not-a-text"),
        (b"[" * 150_000 + b"]" * 150_000, "txt", "draft-not-a-text"),
    ],
)
def test_files_that_are_refused(data, form, code):
    with pytest.raises(LocalError) as refused:
        read_draft(data, form)
    assert refused.value.code == code
    assert refused.value.remedy


def test_a_text_in_memory_is_limited_too():
    with pytest.raises(LocalError, match="limit"):
        import_draft("a" * (MAX_DRAFT + 1), "txt")


def test_deep_nesting_is_read_and_counted():
    draft = import_draft("[" * 10_000 + "a" + "]" * 10_000, "txt")
    assert (draft.pairs, draft.depth) == (10_000, 10_000)
    instrument = draft.to_instrument("en", title="Deep", authentic=("en",))
    assert open_points(instrument)["u1"].slots == 10_000
    assert instrument.titles == {"en": "Deep"}
    assert export(draft) == "[" * 10_000 + "a" + "]" * 10_000
