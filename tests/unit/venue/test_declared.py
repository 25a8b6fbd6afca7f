"""The declaration signed by the host: published, private, withdrawn; and what `verify` says of it (spec/conditions.md section 4)."""

from __future__ import annotations

import json

import pytest

from good_offices.clerk.verifying import verified
from good_offices.cli.main import run
from good_offices.errors import LocalError, RemoteError
from good_offices.instrument.anchors import Beside, anchors_of
from good_offices.register.declared import open_declared
from good_offices.venue import backup, declaration, declared
from good_offices.venue import folder as folders
from good_offices.venue.declaration import Conditions, Declaration, Version
from good_offices.venue.public import Public

OFFER = Declaration(
    interpretation=[("en", "ru")],
    versions={
        "en": Version(
            to="To the parties concerned",
            words="We offer a place.\n\n\tTo both alike.",
            conditions=Conditions(places="A house by the lake", rooms="Two wings of equal size"),
        )
    },
)


@pytest.fixture
def folder(tmp_path):
    made = folders.init(tmp_path / "venue", "Lake House")
    declaration.keep(made, OFFER)
    return made


def test_what_is_published_is_signed_and_offered(folder):
    pages = Public(folder)
    assert pages.note("signed") is None
    declaration.publish(folder)
    note = pages.note("signed")
    found = open_declared(note)
    assert (found.number, found.scope, found.keys) == (
        1,
        "published",
        folder.signer().named("lake-house").keys,
    )
    assert declaration.read(found.words) == OFFER
    page = pages.page("/").decode()
    assert "declaration number 1" in page
    assert found.keys.fingerprint[:4] in page

    finding = verified(note)
    assert (finding.valid, finding.trust, finding.host) == (True, "unestablished", found.keys.fingerprint)
    beside = Beside(anchors=anchors_of((found.keys.fingerprint,)))
    assert verified(note, beside).trust == "established"
    assert not verified(note, Beside(anchors=anchors_of(("00" * 32,)))).valid


def test_a_withdrawal_is_signed_and_shown(folder):
    declaration.publish(folder)
    pages = Public(folder)
    signed = open_declared(pages.note("signed"))
    assert declaration.withdraw(folder)
    gone = open_declared(pages.note("withdrawn"))
    assert (gone.number, gone.withdraws) == (1, signed.digest)
    assert pages.note("signed") is None
    assert "withdrawn its declaration number 1" in pages.page("/").decode()
    assert verified(pages.note("withdrawn")).valid
    assert not declaration.withdraw(folder)
    declaration.publish(folder)
    assert open_declared(pages.note("signed")).number == 2
    assert pages.note("withdrawn") is None


def test_a_private_one_is_on_no_page(folder):
    pages = Public(folder)
    before = pages.page("/")
    note = declaration.sign_private(folder)
    assert open_declared(note).scope == "private"
    revoked = declared.withdraw(folder, 1)
    assert open_declared(revoked).withdraws == open_declared(note).digest
    assert pages.page("/") == before
    assert pages.note("signed") is pages.note("withdrawn") is None
    for number, code in (
        (1, "declaration-withdrawn-already"),
        (2, "declaration-not-signed"),
        (0, "declaration-not-signed"),
    ):
        with pytest.raises(LocalError) as refused:
            declared.withdraw(folder, number)
        assert refused.value.code == code


def test_words_changed_under_the_signature_do_not_hold(folder):
    note = declaration.sign_private(folder)
    for old, new in (
        (b"lake", b"seas"),
        (b"private", b"published"),
        (b"declaration/1\n2", b"declaration/2\n2"),
    ):
        assert old in note
        assert not verified(note.replace(old, new, 1)).valid
    other = folders.init(folder.path.parent / "other", "Lake House")
    declaration.keep(other, OFFER)
    foreign = declaration.sign_private(other)
    line = foreign[foreign.rindex(b"\n\n") :]
    assert not verified(note[: note.rindex(b"\n\n")] + line).valid
    with pytest.raises(RemoteError):
        open_declared(b"good-offices/declaration/2\n\n\xe2\x80\x94 x AAAAAAA=\n")


def test_a_note_that_is_not_of_the_published_words_is_not_offered(folder):
    declaration.publish(folder)
    (folder.path / declaration.PUBLISHED).write_text("format = 1\n[versions.en]\nwords = 'Other words'\n")
    assert Public(folder).note("signed") is None
    (folder.path / declared.SIGNED).write_bytes(b"damaged")
    assert Public(folder).note("signed") is None


def test_it_is_in_a_backup(folder, tmp_path):
    declaration.publish(folder)
    backup.backup(folder, tmp_path / "backup")
    restored = backup.restore(tmp_path / "backup", tmp_path / "restored")
    assert Public(restored).note("signed") == Public(folder).note("signed")
    assert declared.issued(restored) == declared.issued(folder)


def test_by_verbs(folder, tmp_path, capsys):
    venue = ("--venue", str(folder.path), "--json")

    def do(*words):
        assert run(["venue", "declaration", *words, *venue]) == 0
        return json.loads(capsys.readouterr().out)

    file, gone = tmp_path / "offer.txt", tmp_path / "gone.txt"
    assert do("sign", str(file))["number"] == 1
    do("publish")
    do("revoke", "1", str(gone))
    assert run(["verify", str(gone)]) == run(["verify", str(file)]) == 0
    assert "declaration of good offices number 1" in capsys.readouterr().out
    assert run(["venue", "declaration", "revoke", "2", str(tmp_path / "x"), *venue]) != 0
    capsys.readouterr()
    assert [(one["scope"], bool(one["withdrawn_ms"])) for one in do("issued")["declarations"]] == [
        ("private", True),
        ("published", False),
    ]
