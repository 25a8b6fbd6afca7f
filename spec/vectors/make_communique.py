"""Make spec/vectors/communique/files.json: files of communiqués, whole and spoilt, with the verdict of spec/communique.md R-137.

Signatures are drawn anew on every run; what differs in them is no change of format.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

from msgspec import structs
from tests.support.communiques import communique, signed_file
from tests.support.talksmith import Talksmith

from good_offices.encoding import pack
from good_offices.register.communique import CommuniqueFile

TARGET = Path(__file__).parent / "communique" / "files.json"


def cases() -> list[dict[str, str]]:
    """Return the cases: a name, the file in base64, the verdict."""
    smith = Talksmith(2, signing=False)
    said = communique(smith, embargo=1_900_000_000_000, embargo_words="at noon")
    honest = signed_file(smith, said)
    first, second = honest.signed
    other = Talksmith(3, signing=False)

    def record(**fields: object) -> bytes:
        return pack(structs.replace(said, **fields))

    words = said.words | {"en": said.words["en"].replace("agreed", "disagreed")}
    left_out = {"words": {"en": said.words["en"]}, "titles": {"en": said.titles["en"]}}
    found: list[tuple[str, CommuniqueFile, str]] = [
        ("honest", honest, "ok"),
        ("three delegations", signed_file(other, communique(other)), "ok"),
        ("a word is altered", structs.replace(honest, record=record(words=words)), "communique-signature"),
        (
            "a language is left out",
            structs.replace(honest, record=record(**left_out)),
            "communique-signature",
        ),
        ("the embargo is another", structs.replace(honest, record=record(embargo=0)), "communique-signature"),
        ("a signature is missing", structs.replace(honest, signed=(first,)), "communique-unsigned"),
        ("out of order", structs.replace(honest, signed=(second, first)), "communique-malformed"),
        (
            "one signature for both",
            structs.replace(honest, signed=(first, structs.replace(second, signature=first.signature))),
            "communique-signature",
        ),
        (
            "a root of another delegation",
            structs.replace(
                honest,
                signed=(
                    structs.replace(first, desk=structs.replace(first.desk, roots=second.desk.roots)),
                    second,
                ),
            ),
            "desk-not-certified",
        ),
        ("of other talks", signed_file(smith, structs.replace(said, talks=bytes(32))), "desk-not-certified"),
        (
            "a title of two lines",
            signed_file(smith, record(titles=dict.fromkeys(said.titles, "a\nb"))),
            "communique-malformed",
        ),
        (
            "another version",
            structs.replace(honest, form="good-offices/communique-file/2"),
            "unknown-version",
        ),
    ]
    return [
        {"name": name, "file": base64.b64encode(file.to_bytes()).decode(), "verdict": verdict}
        for name, file, verdict in found
    ]


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(cases(), indent=1) + "\n", encoding="utf-8")
