"""Copy the published test vectors of the group into spec/vectors/group, with their source.

    python spec/vectors/import_group.py RISTRETTO_CHECKOUT HASH_TO_CURVE_CHECKOUT VOPRF_CHECKOUT

The checkouts are the drafts that became RFC 9496, RFC 9380 and RFC 9497. RFC 9380 has no vector for SHA-512 with a tag longer
than 255 bytes: those are what the draft's own reference program answers, and their name says so.
"""

from __future__ import annotations

import hashlib
import json
import re
import runpy
import sys
from pathlib import Path

from import_upstream import write

HERE = Path(__file__).parent / "group"
RISTRETTO = (
    "RFC 9496 appendix A.1 to A.3; https://github.com/cfrg/draft-irtf-cfrg-ristretto255, commit fa5a0f4d"
)
EXPAND = "RFC 9380 appendix K.3; https://github.com/cfrg/draft-irtf-cfrg-hash-to-curve poc/vectors, commit 664b1359"
OPRF = "RFC 9497 appendix A.1; https://github.com/cfrg/draft-irtf-cfrg-voprf poc/vectors/allVectors.json, commit 43da59f7"
NOTICE = "IETF Trust Legal Provisions apply; code components under the Revised BSD License"
SUITE = "ristretto255-SHA512"
_WORD = r"(?:[0-9a-f]{8} ?)"


def ristretto(checkout: Path) -> list[dict[str, object]]:
    """Return the multiples of the generator, the encodings to refuse with their reason, and the derived elements."""
    text = (checkout / "draft-irtf-cfrg-ristretto255-decaf448.md").read_text()
    text = text[text.index("# Test vectors for ristretto255") : text.index("# Test vectors for decaf448")]
    multiples, refused, derived = re.split(
        r"^## (?:Invalid|Group elements|Square).*$", text, flags=re.MULTILINE
    )[:3]
    cases: list[dict[str, object]] = [
        {"subject": "multiple", "of": int(count), "element": plain(words)}
        for count, words in re.findall(rf"B\[ ?(\d+)\]: ({_WORD}{{8}})", multiples)
    ]
    for block in refused.split("\n# ")[1:]:
        why, *rows = block.split("```")[0].strip().splitlines()
        cases += [{"subject": "refused", "why": why.strip("."), "element": plain(row)} for row in rows]
    # Not of the RFC: a library may pass all of its cases and still ignore the highest bit.
    cases += [
        {
            "subject": "refused",
            "why": f"multiple {case['of']} with the highest bit set (not of the RFC)",
            "element": (int(str(case["element"]), 16) ^ 0x80).to_bytes(32).hex(),
        }
        for case in cases[:5]
    ]
    for block in re.findall(r"((?:I: [0-9a-f]{64}\s+[0-9a-f]{64}\s+)+O: [0-9a-f ]+)", derived):
        *inputs, result = re.split(r"[IO]: ", block)[1:]
        cases += [{"subject": "derived", "from": plain(one), "element": plain(result)} for one in inputs]
    return cases


def expand(checkout: Path) -> list[dict[str, object]]:
    """Return the cases of appendix K.3, and the reference program's answers at the limits."""
    published = json.loads((checkout / "poc/vectors/expand_message_xmd_SHA512_38.json").read_text())
    cases: list[dict[str, object]] = [
        {
            "name": f"RFC 9380 K.3 {number}",
            "message": one["msg"].encode().hex(),
            "tag": published["DST"].encode().hex(),
            "length": int(one["len_in_bytes"], 16),
            "expanded": one["uniform_bytes"],
        }
        for number, one in enumerate(published["tests"])
    ]
    expander = runpy.run_path(str(checkout / "poc/hash_to_field.py"))["XMDExpander"]
    long_tag = json.loads((checkout / "poc/vectors/expand_message_xmd_SHA256_256.json").read_text())["DST"]
    for tag, length in (
        *((long_tag, length) for length in (1, 32, 64, 65, 128)),
        *(("t" * width, 64) for width in (1, 255, 256, 257)),
        ("t", 16320),
    ):
        answer = expander(tag, hashlib.sha512, 256).expand_message("abcdef0123456789", length)
        cases.append(
            {
                "name": f"reference program, tag of {len(tag)} bytes, {length} bytes wanted",
                "message": b"abcdef0123456789".hex(),
                "tag": tag.encode().hex(),
                "length": length,
                # The longest is stated by its hash: it has 16,320 bytes.
                **(
                    {"expanded": answer.hex()}
                    if length <= 128
                    else {"sha512": hashlib.sha512(answer).hexdigest()}
                ),
            }
        )
    return cases


def oprf(checkout: Path) -> list[dict[str, object]]:
    """Return the runs of all three modes; what a batch holds several times is a list."""
    cases = []
    for suite in json.loads((checkout / "poc/vectors/allVectors.json").read_text()):
        if suite["identifier"] != SUITE:
            continue
        shared = {
            "mode": suite["mode"],
            "seed": suite["seed"],
            "key_info": suite["keyInfo"],
            "secret": suite["skSm"],
        }
        shared |= {"public": suite["pkSm"]} if "pkSm" in suite else {}
        for run in suite["vectors"]:
            proof = run.get("Proof", {})
            cases.append(
                shared
                | {
                    "inputs": run["Input"].split(","),
                    "blinds": run["Blind"].split(","),
                    "blinded": run["BlindedElement"].split(","),
                    "evaluated": run["EvaluationElement"].split(","),
                    "outputs": run["Output"].split(","),
                }
                | ({"info": run["Info"]} if "Info" in run else {})
                | ({"proof": proof["proof"], "random": proof["r"]} if proof else {})
            )
    return cases


def plain(words: str) -> str:
    """Return hexadecimal digits without the spaces of the page."""
    return "".join(words.split())


def main(arguments: list[str]) -> None:
    """Write ristretto255.json, expand.json and oprf.json."""
    one, two, three = map(Path, arguments)
    for name, source, cases in (
        ("ristretto255", RISTRETTO, ristretto(one)),
        ("expand", EXPAND, expand(two)),
        ("oprf", OPRF, oprf(three)),
    ):
        write(HERE / f"{name}.json", {"source": source, "notice": NOTICE, "cases": cases})


if __name__ == "__main__":
    main(sys.argv[1:])
