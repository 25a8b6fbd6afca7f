"""Make the test vectors of spec/papers.md: non-papers with their marks, what consent is for; writes spec/vectors/papers/.

The random parts of a real one (nonce, salt) are fixed here. The letter and the sealed paper were sealed once: HPKE draws randomness, so that they are read and never
made again; without their files they are made anew.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec

from good_offices.encoding import pack
from good_offices.seals.envelope import seal
from good_offices.seals.exchange import pair_mark, x25519_public
from good_offices.seals.wraps import KemKey, seal_to, wrap_all, wrap_info
from good_offices.talks.consent import Draft
from good_offices.talks.events_papers import LetterWords, NonPaper, ReaderMark, SealedPaper, SealedWords
from good_offices.talks.events_plenary import ItemAccepted, TalksAdjourned, TalksBrokenOff

HERE = Path(__file__).parent / "papers"


def seed(*names: str, size: int = 32) -> bytes:
    """Return bytes that only depend on the names."""
    return hashlib.shake_256("/".join(names).encode()).digest(size)


def non_paper(text: str, language: str, subject: str, readers: int) -> dict[str, Any]:
    """Return one non-paper with every key that is needed to check each of its marks from either side."""
    talks, author, private = seed("talks"), seed("author"), seed("author", "note")
    plain = NonPaper(
        talks=talks,
        room=seed("room", size=16).hex(),
        author=author,
        nonce=seed("nonce", text, size=16),
        text=text,
        language=language,
        subject=subject,
    )
    keys = {seed("reader", str(number)): seed("reader", str(number), "note") for number in range(readers)}
    marks = tuple(
        ReaderMark(
            reader=reader,
            mark=pair_mark(
                private, x25519_public(keys[reader]), salt=talks, parties=author + reader, message=plain.core
            ),
        )
        for reader in sorted(keys)
    )
    return {
        "author_private": private.hex(),
        "author_public": x25519_public(private).hex(),
        "readers": [
            {"certificate": one.reader.hex(), "private": keys[one.reader].hex(), "mark": one.mark.hex()}
            for one in marks
        ],
        "core": plain.core.hex(),
        "content": pack(msgspec.structs.replace(plain, marks=marks)).hex(),
    }


def drafts() -> list[dict[str, str]]:
    """Return drafts with the content that a consent to each names."""
    room = seed("room", size=16).hex()
    events = (
        TalksBrokenOff(text="Enough", language="en"),
        TalksAdjourned(date="1 May", place="River House"),
        TalksAdjourned(date="1 May", place="River House", until=1_800_000_000_000),
        ItemAccepted(item=seed("item")),
    )
    made = [Draft(room=room, event=event) for event in events]
    return [{"draft": pack(one).hex(), "content": one.content.hex()} for one in made]


def letter() -> dict[str, Any]:
    """Return a sealed letter with the seed of one reader's key."""
    secret, talks, certificate, key = seed("secret"), seed("talks"), seed("reader", "0"), seed("kem")
    words = LetterWords(text="Between us alone.", language="en", subject="The lower dam")
    sealed = seal(pack(words), secret, salt=seed("salt"))
    info = wrap_info(talks, hashlib.sha256(sealed).digest(), certificate)
    blocks = wrap_all(secret, [(KemKey(key).public, info)])
    return {
        "talks": talks.hex(),
        "reader": certificate.hex(),
        "kem_seed": key.hex(),
        "letter": sealed.hex(),
        "blocks": [one.hex() for one in blocks],
        "secret": secret.hex(),
        "content": pack(words).hex(),
    }


def sealed() -> dict[str, str]:
    """Return expectations in deniable form, with the seed that opens them and the key that makes the mark."""
    talks, author, reader, box = seed("talks"), seed("author"), seed("reader", "0"), seed("box")
    key = KemKey(seed("box", "seed"))
    words = {"en": "A date for the dam.", "ru": "Срок для плотины."}
    whole = pack(SealedWords(words=words))
    whole = len(whole).to_bytes(4, "big") + whole
    whole += bytes(-len(whole) % 4096)
    info = b"good-offices/v1/sealed-paper\x00" + talks + box + author
    plain = SealedPaper(
        talks=talks,
        room=seed("room", size=16).hex(),
        author=author,
        box_id=box,
        sealed=seal_to(key.public, info, whole),
    )
    private, other = seed("author", "note"), seed("reader", "0", "note")
    mark = pair_mark(private, x25519_public(other), salt=talks, parties=author + reader, message=plain.core)
    marks = (ReaderMark(reader=reader, mark=mark),)
    return {
        "seed": seed("box", "seed").hex(),
        "key": key.public.hex(),
        "author_public": x25519_public(private).hex(),
        "reader_private": other.hex(),
        "core": plain.core.hex(),
        "content": pack(msgspec.structs.replace(plain, marks=marks)).hex(),
        "plaintext": whole.rstrip(b"\x00").hex(),
    }


def main() -> None:
    """Write the files."""
    HERE.mkdir(exist_ok=True)
    papers = [
        non_paper("Suppose that the gauge stood upstream.", "en", "", 1),
        non_paper("Предположим, что пост стоит выше.", "ru", "Пост", 3),
    ]
    made: dict[str, Any] = {"non_papers": papers, "drafts": drafts()}
    _write("papers.json", made)
    if not (HERE / "letter.json").exists():
        _write("letter.json", letter())
    if not (HERE / "sealed.json").exists():
        _write("sealed.json", sealed())


def _write(name: str, made: dict[str, Any]) -> None:
    (HERE / name).write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
