"""The host's note on a calendar: two lines of text, one signature, one register."""

import pytest

from good_offices.errors import LocalError, RemoteError
from good_offices.register.calendar import Attached
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.deposit import Deposited
from good_offices.register.note import Note

CALENDAR = b"the canonical bytes of a calendar"
ELSEWHERE = "venue.example/t/00112233445566778899aabbccddeeff"


def refused(code, call):
    with pytest.raises(RemoteError) as error:
        call()
    assert error.value.code == code


def test_the_text_is_the_origin_and_the_hash():
    # SHA-256 of "abc" (FIPS 180-4), in base64.
    text = Attached.of(ELSEWHERE, b"abc").text()
    assert text == f"{ELSEWHERE}/calendar\nungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=\n"
    assert Attached.parse(text) == Attached.of(ELSEWHERE, b"abc")


def test_sign_and_open(host):
    note = host.sign_calendar(CALENDAR)
    host.keys.open_calendar(note, CALENDAR)
    assert len(Note.parse(note, what="the note").signatures) == 1
    assert host.sign_calendar(CALENDAR) == note


def test_another_calendar_register_or_host_does_not_open(host, stranger):
    note = host.sign_calendar(CALENDAR)
    refused("signature-invalid", lambda: host.keys.open_calendar(note, CALENDAR + b"."))
    refused("signature-lines", lambda: host.keys.open_calendar(stranger.sign_calendar(CALENDAR), CALENDAR))
    there = host.named(ELSEWHERE)
    refused("signature-lines", lambda: there.keys.open_calendar(note, CALENDAR))
    # Even a line that bears the right name does not make another register's text this one's.
    line = Note.parse(note, what="the note").signatures[0]
    moved = Note(Attached.of(ELSEWHERE, CALENDAR).text(), (line,)).to_bytes()
    refused("checkpoint-foreign", lambda: host.keys.open_calendar(moved, CALENDAR))
    other = Note(Attached.of(host.origin, b"another").text(), (line,)).to_bytes()
    refused("signature-invalid", lambda: host.keys.open_calendar(other, b"another"))


def test_a_calendar_is_no_checkpoint_and_no_deposit_receipt(one):
    host = one.host
    note = host.sign_calendar(CALENDAR)
    refused("not-canonical", lambda: host.keys.open_ed25519(note))
    refused("not-canonical", lambda: host.keys.open_deposit(note))
    deposited = Deposited(host.origin, bytes(32), "00" * 16, bytes(32))
    refused("not-canonical", lambda: host.keys.open_calendar(host.sign_deposit(deposited), CALENDAR))
    refused("signature-lines", lambda: host.keys.open_calendar(one.note(1, seconds=5), CALENDAR))
    seen = Note(Checkpoint(host.origin, 1, bytes(32)).text(), Note.parse(note, what="it").signatures)
    refused("not-canonical", lambda: host.keys.open_calendar(seen.to_bytes(), CALENDAR))


@pytest.mark.parametrize("at", range(0, 200, 7))
def test_every_byte_of_the_note_counts(host, at):
    note = bytearray(host.sign_calendar(CALENDAR))
    at %= len(note)
    note[at] ^= 1
    with pytest.raises(RemoteError):
        host.keys.open_calendar(bytes(note), CALENDAR)


@pytest.mark.parametrize(
    "text",
    [
        f"{ELSEWHERE}\nungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=\n",
        f"{ELSEWHERE}/calendar\nungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
        f"{ELSEWHERE}/calendar\nungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=\n\n",
        f"{ELSEWHERE}/calendar\nungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0=\n",
        f"{ELSEWHERE}/calendar\nAAAA\n",
        "/calendar\nungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=\n",
        "",
    ],
)
def test_other_texts_are_none(text):
    refused("not-canonical", lambda: Attached.parse(text))


def test_a_hash_of_another_length_is_not_written():
    with pytest.raises(LocalError) as error:
        Attached(ELSEWHERE, bytes(31)).text()
    assert error.value.code == "not-canonical"
