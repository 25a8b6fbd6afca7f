"""The vectors of spec/papers.md: marks from either side, contents of drafts, a letter that opens."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from good_offices.desk import sealed_papers
from good_offices.encoding import pack, unpack
from good_offices.errors import RemoteError
from good_offices.seals.envelope import message_key, open_envelope
from good_offices.seals.exchange import check_mark, pair_mark, x25519_public
from good_offices.seals.wraps import KemKey, unwrap_any, wrap_info
from good_offices.talks.consent import Draft
from good_offices.talks.events_papers import LetterWords
from good_offices.talks.papers import read_aside

HERE = Path(__file__).parents[2] / "spec" / "vectors" / "papers"
PAPERS = json.loads((HERE / "papers.json").read_text("utf-8"))
SEALED = {
    name: bytes.fromhex(one) for name, one in json.loads((HERE / "sealed.json").read_text("utf-8")).items()
}
LETTER = {
    name: one if isinstance(one, list) else bytes.fromhex(one)
    for name, one in json.loads((HERE / "letter.json").read_text("utf-8")).items()
}


@pytest.mark.parametrize("case", PAPERS["non_papers"], ids=range(len(PAPERS["non_papers"])))
def test_every_mark_is_the_same_from_both_sides(case) -> None:
    content = bytes.fromhex(case["content"])
    paper = read_aside(content)
    assert pack(paper) == content
    assert paper.core.hex() == case["core"]
    assert [one.reader.hex() for one in paper.marks] == [one["certificate"] for one in case["readers"]]
    author = bytes.fromhex(case["author_private"])
    assert x25519_public(author).hex() == case["author_public"]
    for one in case["readers"]:
        reader, private = bytes.fromhex(one["certificate"]), bytes.fromhex(one["private"])
        known = {"salt": paper.talks, "parties": paper.author + reader, "message": paper.core}
        by_author = pair_mark(author, x25519_public(private), **known)
        by_reader = pair_mark(private, x25519_public(author), **known)
        assert by_author.hex() == by_reader.hex() == one["mark"]
        check_mark(by_reader, bytes.fromhex(one["mark"]))
        with pytest.raises(RemoteError):
            check_mark(pair_mark(private, x25519_public(author), **(known | {"message": b""})), by_reader)


@pytest.mark.parametrize("public", [bytes(32), b"\x01" + bytes(31), b"short"])
def test_a_key_that_is_none_gets_no_mark(public: bytes) -> None:
    with pytest.raises(RemoteError) as found:
        pair_mark(b"\x01" * 32, public, salt=b"", parties=b"", message=b"")
    assert found.value.code == "not-canonical"


@pytest.mark.parametrize("case", PAPERS["drafts"], ids=range(len(PAPERS["drafts"])))
def test_what_a_consent_is_for(case) -> None:
    draft = unpack(bytes.fromhex(case["draft"]), Draft)
    assert pack(draft).hex() == case["draft"]
    assert draft.content.hex() == case["content"]


def test_a_letter_opens_for_its_reader() -> None:
    letter = LETTER["letter"]
    info = wrap_info(LETTER["talks"], hashlib.sha256(letter).digest(), LETTER["reader"])
    blocks = [bytes.fromhex(one) for one in LETTER["blocks"]]
    secret = unwrap_any(blocks, KemKey(LETTER["kem_seed"]), info)
    assert secret == LETTER["secret"]
    assert unwrap_any(blocks, KemKey(bytes(32)), info) is None
    content = open_envelope(letter, message_key(letter, [secret])[1])
    assert content == LETTER["content"]
    assert unpack(content, LetterWords).text == "Between us alone."


def test_a_sealed_paper_is_its_readers_and_opens_with_the_seed() -> None:
    paper = read_aside(SEALED["content"])
    assert pack(paper) == SEALED["content"]
    assert paper.core == SEALED["core"]
    (mark,) = paper.marks
    known = {"salt": paper.talks, "parties": paper.author + mark.reader, "message": paper.core}
    check_mark(mark.mark, pair_mark(SEALED["reader_private"], SEALED["author_public"], **known))
    key = KemKey(SEALED["seed"])
    assert key.public == SEALED["key"]
    opened = key.open(paper.sealed, sealed_papers.info(paper.talks, paper.box_id, paper.author))
    assert (len(opened), opened.rstrip(b"\x00")) == (4096, SEALED["plaintext"])
    digest = hashlib.sha256(SEALED["key"]).digest()
    words = sealed_papers.words_in(paper, SEALED["seed"], digest)
    assert words == {"en": "A date for the dam.", "ru": "Срок для плотины."}
    assert sealed_papers.words_in(paper, bytes(32), digest) == {}
