"""The communiqué in clear: what the delegations release together, and the file by which anybody can check it.

This module decides the forms of spec/communique.md and when a file holds. It stands here because the host verifies it, who
reads nothing of the talks. It never decides who may release, and shows nothing.

1. The record is signed as bytes, by one desk of every delegation that it names, each for the purpose `communique`.
2. A file without the signature of one delegation that it names does not hold: what one side alone says is no communiqué.
3. Every text in it is words: nothing invisible, nothing that turns the direction of writing.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final, NamedTuple

from good_offices.encoding import Record, check_words, pack, unpack
from good_offices.errors import GoodOfficesError, RemoteError
from good_offices.register.certified import Certified
from good_offices.register.forms import read
from good_offices.register.genesis import MAX_DELEGATIONS
from good_offices.register.tree import HASH
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ACT

RECORD: Final = "good-offices/communique/1"
FILE: Final = "good-offices/communique-file/1"
MAX_RECORD: Final = 512 * 1024
# Certificates and signatures of 64 delegations are a megabyte.
MAX_FILE: Final = 2 * 1024 * 1024
MAX_LANGUAGES: Final = 24
MAX_NAME: Final = 200
MAX_TITLE: Final = 500
MAX_EMBARGO: Final = 200
# The last year of which calendars know: 9999.
LATEST: Final = 253_402_300_799_999

_ID: Final = re.compile(r"[0-9a-f]{32}")
_TAG: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


class Communique(Record, frozen=True, kw_only=True, tag=RECORD, tag_field="form"):
    """What is released, word for word (spec/communique.md R-132): titles and words by language, names by delegation.

    `talks` is the talks id; `embargo` the earliest time of release in milliseconds since 1970, 0 for none.
    """

    talks: bytes
    names: dict[str, str]
    titles: dict[str, str]
    words: dict[str, str]
    embargo: int = 0
    embargo_words: str = ""


class Signed(Record, frozen=True, kw_only=True):
    """A desk of a delegation, and its pair of signatures over the record."""

    desk: Certified
    signature: bytes


class CommuniqueFile(Record, frozen=True, kw_only=True):
    """The file that is handed to the host and to anybody: the record as bytes, one signature for each delegation."""

    form: str
    record: bytes
    signed: tuple[Signed, ...]

    def to_bytes(self) -> bytes:
        """Return the file."""
        return pack(self)


class Verified(NamedTuple):
    """A communiqué that holds in itself, its number, and the desks that signed it, by ascending delegation."""

    communique: Communique
    number: str
    desks: tuple[Certified, ...]


def number_of(record: bytes) -> str:
    """Return the number of a communiqué: SHA-256 of its record, 64 hexadecimal digits."""
    return hashlib.sha256(record).hexdigest()


def check(communique: Communique) -> None:
    """Pass if a record keeps its bounds (spec/communique.md R-132).

    Raises:
        RemoteError: `communique-malformed`, `text-not-plain`.
    """
    if len(communique.talks) != HASH:
        raise _malformed("the talks")
    if not 2 <= len(communique.names) <= MAX_DELEGATIONS or not all(map(_ID.fullmatch, communique.names)):
        raise _malformed("the delegations")
    if not 1 <= len(communique.words) <= MAX_LANGUAGES or communique.words.keys() != communique.titles.keys():
        raise _malformed("the languages")
    if not all(_TAG.fullmatch(tag) and len(tag) <= 64 for tag in communique.words):
        raise _malformed("the languages")
    if not 0 <= communique.embargo <= LATEST:
        raise _malformed("the embargo")
    for words in communique.words.values():
        _check_words(words, MAX_RECORD, "the words")
    for name in communique.names.values():
        _check_words(name, MAX_NAME, "a name", one_line=True)
    for title in communique.titles.values():
        _check_words(title, MAX_TITLE, "a title", one_line=True)
    if communique.embargo_words:
        _check_words(communique.embargo_words, MAX_EMBARGO, "the embargo", one_line=True)


def verify_file(data: bytes) -> Verified:
    """Return the communiqué of a file that holds in itself (spec/communique.md R-137).

    Raises:
        RemoteError: `too-large`, `not-canonical`, `text-not-plain`, `unknown-version`, `communique-malformed`,
            `communique-unsigned`, `desk-not-certified`, `communique-signature`.
    """
    file = read(data, CommuniqueFile, FILE, what="the communiqué", limit=MAX_FILE)
    communique = read_record(file.record)
    signed = [one.desk.statement.delegation for one in file.signed]
    missing = [name for one, name in sorted(communique.names.items()) if one not in signed]
    if missing:
        raise RemoteError("communique-unsigned", who=", ".join(missing))
    if signed != sorted(communique.names):
        raise _malformed("its signatures, which are not one for each delegation in their order")
    for one in file.signed:
        name = communique.names[one.desk.statement.delegation]
        one.desk.verify(communique.talks)
        try:
            ACT.verify(Domain.COMMUNIQUE, one.desk.statement.act, one.signature, file.record)
        except GoodOfficesError:
            raise RemoteError("communique-signature", who=name) from None
    return Verified(communique, number_of(file.record), tuple(one.desk for one in file.signed))


def read_record(data: bytes) -> Communique:
    """Return the record that bytes stand for.

    Raises:
        RemoteError: `too-large`, `not-canonical`, `text-not-plain`, `unknown-version`, `communique-malformed`.
    """
    communique = unpack(data, Communique, what="the communiqué", limit=MAX_RECORD)
    check(communique)
    return communique


def _check_words(words: str, most: int, what: str, *, one_line: bool = False) -> None:
    """Refuse what is empty, too long, on several lines where one belongs, or no words."""
    if not words.strip() or len(words) > most or (one_line and "\n" in words):
        raise _malformed(what)
    check_words(words, what="the communiqué", error=RemoteError)


def _malformed(why: str) -> RemoteError:
    """Return the refusal of a record that keeps not its form."""
    return RemoteError("communique-malformed", why=why)
