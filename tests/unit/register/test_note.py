"""Notes and verifier keys: every refusal, and C2SP's freedom where we keep it."""

import pytest

from good_offices.errors import LocalError, RemoteError
from good_offices.register.note import MAX_NOTE, KeyType, Note, Signature, VKey, check_name, from_base64

LINE = "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"


def why(call):
    with pytest.raises(RemoteError) as error:
        call()
    return error.value.facts.get("why", error.value.code)


def parse(text):
    return Note.parse(text.encode())


def test_text_may_have_empty_lines():
    note = parse("one\n\ntwo\n\n" + LINE)
    assert note.text == "one\n\ntwo\n"
    assert len(note.signatures) == 1


def test_sixteen_signatures_and_not_more():
    assert len(parse("x\n\n" + LINE * 16).signatures) == 16
    assert why(lambda: parse("x\n\n" + LINE * 17)) == "too many signature lines"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no text, blank line and signature lines"),
        ("x\n", "no text, blank line and signature lines"),
        ("x\n\n", "no text, blank line and signature lines"),
        ("x\n\n" + LINE[:-1], "no text, blank line and signature lines"),
        ("x\t\n\n" + LINE, "a control character"),
        ("x\r\n\n" + LINE, "a control character"),
        ("x\n\n" + LINE[2:], "not a signature line"),
        ("x\n\n\u2014 name\n", "not a signature line"),
        ("x\n\n\u2014  AAAAAAA=\n", "not a key name"),
        ("x\n\n\u2014 a+b AAAAAAA=\n", "not a key name"),
        ("x\n\n\u2014 a\u00a0b AAAAAAA=\n", "not a key name"),
        ("x\n\n\u2014 a AAAA!AAA\n", "not base64"),
        ("x\n\n\u2014 a \u00e9\n", "not base64"),
        ("x\n\n\u2014 a AAAAAA\n", "not base64"),
        ("x\n\n\u2014 a AAAAAAB=\n", "another encoding of the same note"),
        ("x\n\n\u2014 a AAAAAA==\n", "a signature without bytes"),
    ],
)
def test_refused(text, reason):
    assert why(lambda: parse(text)) == reason


def test_too_large_and_not_utf8():
    assert why(lambda: Note.parse(bytes(MAX_NOTE + 1))) == "too-large"
    assert why(lambda: Note.parse(b"\xff\n\n" + LINE.encode())) == "not UTF-8"


def test_vkey():
    key = VKey.parse(VKEY)
    assert (key.name, key.type, len(key.public)) == ("example.com/foo", KeyType.ED25519, 32)
    assert str(key) == VKEY
    assert key.key_id.hex() == "530d903a"
    assert Signature("example.com/foo", key.key_id, b"x").is_by(key)
    assert not Signature("example.com/bar", key.key_id, b"x").is_by(key)
    assert not Signature("example.com/foo", b"abcd", b"x").is_by(key)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("example.com/foo+530d903a", "not three parts"),
        (VKEY.replace("530d903a", "530d903b"), "another key id"),
        (VKEY.replace("530d903a", "530D903A"), "another key id"),
        (VKEY.replace("example.com/foo", ""), "not a key name"),
        (VKEY.replace("example.com/foo", "a b"), "not a key name"),
        (VKEY[:-1], "not base64"),
        ("example.com/foo+530d903a+AQB=", "another base64 of the same bytes"),
        (VKEY[:-4], "a public key of a wrong length"),
        ("example.com/foo+530d903a+", "unknown-version"),
        ("example.com/foo+530d903a+/+ky", "unknown-version"),
    ],
)
def test_vkey_refused(text, reason):
    assert why(lambda: VKey.parse(text)) == reason


def test_our_own_name_is_our_own_fault():
    with pytest.raises(LocalError):
        check_name("a b", what="the name", error=LocalError)


def test_base64_of_nothing():
    assert from_base64("", what="x") == b""
