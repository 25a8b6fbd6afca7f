"""Make the register's own test vectors (spec/register.md section 12).

    python spec/vectors/make_register.py

Keys come from seeds in this file. ML-DSA signing is hedged, so a new run gives new second lines; every other byte
is the same.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

from good_offices.encoding import decode, encode
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.cosignature import DeskCosigner, desk_name
from good_offices.register.fork import fork_of_entries, fork_of_prefix, fork_of_roots
from good_offices.register.genesis import Caucus, Genesis, talks_id
from good_offices.register.host import HostSigner, seen_of
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.receipt import Receipt
from good_offices.register.tree import Tree

HERE = Path(__file__).parent / "register"
TIME = 1_700_000_000
REGISTER, CAUCUS = "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "00112233445566778899aabbccddeeff"
DELEGATIONS = ("a0" * 16, "b1" * 16)
HOST = HostSigner(bytes(range(32)), bytes(range(32, 64)), f"venue.example/t/{REGISTER}")
STRANGER = HostSigner(bytes(range(64, 96)), bytes(range(96, 128)), HOST.origin)
DESK = DeskCosigner(bytes(range(128, 160)), desk_name("c2" * 16))

Case = dict[str, object]


def b64(data: bytes) -> str:
    """Return base64, for bytes too long for hexadecimal digits."""
    return base64.b64encode(data).decode()


def leaves(changed: int | None = None) -> list[Leaf]:
    """Return eleven leaves; the one at `changed` has another body."""
    bodies = [b"other" if at == changed else b"body %d" % at for at in range(11)]
    return [Leaf.of(Kind.ENVELOPE, TIME * 1000 + at, body) for at, body in enumerate(bodies)]


ONE, OTHER = leaves(), leaves(changed=4)
TREE = Tree.from_leaves(b"".join(leaf.hash for leaf in ONE))
FORKED = Tree.from_leaves(b"".join(leaf.hash for leaf in OTHER))


def signed(tree: Tree, size: int, host: HostSigner = HOST) -> bytes:
    """Return the host's note over the first `size` leaves of `tree`."""
    return host.sign(Checkpoint(host.origin, size, tree.root(size)), TIME + size)


def receipt(tree: Tree, entries: list[Leaf], index: int, size: int) -> Receipt:
    """Return the receipt of `index` under the checkpoint of `size`."""
    return Receipt.of(index, entries[index], tree.inclusion_proof(index, size), signed(tree, size))


def leaf_cases() -> list[Case]:
    """Return leaves of every kind, and leaves that are refused."""
    cases: list[Case] = []
    for kind in Kind:
        body = kind.name.encode()
        leaf = Leaf.of(kind, TIME * 1000, body)
        facts = {"kind": int(kind), "time_ms": leaf.time_ms, "body": body.hex(), "hash": leaf.hash.hex()}
        cases.append({"name": kind.name.lower(), "leaf": leaf.to_bytes().hex(), **facts, "verdict": "ok"})
    good = Leaf.of(Kind.ENVELOPE, TIME * 1000, b"ENVELOPE").to_bytes()
    wrong = {
        "short": (good[:-1], "not-canonical"),
        "long": (good + b"\x00", "not-canonical"),
        "version 2": (b"\x02" + good[1:], "unknown-version"),
        "kind 0": (good[:1] + b"\x00" + good[2:], "unknown-version"),
        "kind 9": (good[:1] + b"\x09" + good[2:], "unknown-version"),
        "after the year 9999": (
            good[:2] + (253_402_300_800_000).to_bytes(8, "big") + good[10:],
            "not-canonical",
        ),
        "length of 2^63": (good[:10] + (2**63).to_bytes(8, "big") + good[18:], "not-canonical"),
    }
    cases += [{"name": name, "leaf": data.hex(), "verdict": code} for name, (data, code) in wrong.items()]
    swapped: Case = {
        "name": "another body",
        "leaf": good.hex(),
        "body": b"ENVELOPF".hex(),
        "verdict": "body-mismatch",
    }
    return [*cases, swapped]


def checkpoint_cases() -> list[Case]:
    """Return host notes: good ones, and one change each."""
    cases: list[Case] = []
    for size in (0, 1, 7, 11):
        facts = {"size": size, "root": TREE.root(size).hex(), "time": TIME + size}
        cases.append({"name": f"size {size}", "note": signed(TREE, size).decode(), **facts, "verdict": "ok"})
    good = signed(TREE, 11).decode()
    text, blank, first, second, _ = good.split("\n\n")[0] + "\n", "\n", *good.split("\n\n")[1].split("\n")
    strange = signed(TREE, 11, STRANGER).decode().split("\n")
    foreign = signed(TREE, 11, HOST.named(f"venue.example/t/{CAUCUS}")).decode()
    desk = DESK.sign(Checkpoint(HOST.origin, 11, TREE.root(11)), TIME).decode().split("\n\n")[1][:-1]
    later = signed(TREE, 7).decode().split("\n\n")[1]

    def note(*lines: str) -> str:
        return text + blank + "".join(f"{line}\n" for line in lines)

    wrong = {
        "first line only": (note(first), "signature-lines"),
        "second line only": (note(second), "signature-lines"),
        "lines in another order": (note(second, first), "signature-lines"),
        "a third line by a desk": (note(first, second, desk), "signature-lines"),
        "first line twice": (note(first, first), "signature-lines"),
        "another host's first line": (note(strange[4], second), "signature-lines"),
        "another host's second line": (note(first, strange[5]), "signature-lines"),
        "signatures of another size": (text + blank + later, "signature-invalid"),
        "second line of another size": (note(first, later.split("\n")[1]), "signature-invalid"),
        "another register": (foreign, "signature-lines"),
        "another size": (good.replace("\n11\n", "\n12\n"), "signature-invalid"),
        "a leading zero": (good.replace("\n11\n", "\n011\n"), "not-canonical"),
        "a sign": (good.replace("\n11\n", "\n+11\n"), "not-canonical"),
        "an extension line": (good.replace("\n\n", "\nextra\n\n"), "not-canonical"),
        "CR LF": (good.replace("\n", "\r\n"), "not-canonical"),
        "no LF at the end": (good[:-1], "not-canonical"),
        "two LF at the end": (good + "\n", "not-canonical"),
        "a hyphen for the dash": (good.replace("\u2014", "-", 1), "not-canonical"),
        "base64 without padding": (good.replace("=\n\n", "\n\n"), "not-canonical"),
    }
    return cases + [{"name": name, "note": data, "verdict": code} for name, (data, code) in wrong.items()]


def cosignature_cases() -> list[Case]:
    """Return a desk's cosignatures: good ones, and one change each."""
    checkpoint = Checkpoint(HOST.origin, 11, TREE.root(11))
    cases: list[Case] = []
    for seconds in (0, TIME, 2**63 - 1):
        note = DESK.sign(checkpoint, seconds).decode()
        cases.append({"name": f"time {seconds}", "note": note, "size": 11, "time": seconds, "verdict": "ok"})
    good = DESK.sign(checkpoint, TIME).decode()
    head, _, blob = good.rstrip("\n").rpartition(" ")
    raw = base64.b64decode(blob)

    def with_blob(data: bytes) -> str:
        return f"{head} {base64.b64encode(data).decode()}\n"

    stranger = DeskCosigner(bytes(range(160, 192)), DESK.vkey.name)
    wrong = {
        "time changed": (with_blob(raw[:4] + (TIME + 1).to_bytes(8, "big") + raw[12:]), "signature-invalid"),
        "time of 2^63": (with_blob(raw[:4] + (2**63).to_bytes(8, "big") + raw[12:]), "signature-invalid"),
        "signature cut": (with_blob(raw[:-1]), "signature-invalid"),
        "no room for a time": (with_blob(raw[:8]), "signature-invalid"),
        "another size": (good.replace("\n11\n", "\n10\n"), "signature-invalid"),
        "another desk of that name": (stranger.sign(checkpoint, TIME).decode(), "signature-lines"),
        "twice": (good + good.split("\n\n")[1], "signature-lines"),
        "the host's note": (signed(TREE, 11).decode(), "signature-lines"),
    }
    return cases + [{"name": name, "note": data, "verdict": code} for name, (data, code) in wrong.items()]


def receipt_cases() -> list[Case]:
    """Return receipts for several indexes and sizes, and one change each."""
    cases: list[Case] = []
    for index, size in ((0, 1), (0, 11), (4, 7), (6, 7), (10, 11)):
        text = receipt(TREE, ONE, index, size).to_text()
        leaf = ONE[index].to_bytes().hex()
        cases.append(
            {"name": f"{index} of {size}", "leaf": leaf, "text": text, "size": size, "verdict": "ok"}
        )
    good = receipt(TREE, ONE, 4, 11).to_text()
    lines = good.split("\n")
    wrong = {
        "another index": (good.replace("index 4", "index 5"), "inclusion-invalid"),
        "beyond the size": (good.replace("index 4", "index 11"), "inclusion-invalid"),
        "hashes exchanged": ("\n".join([*lines[:2], lines[3], lines[2], *lines[4:]]), "inclusion-invalid"),
        "a hash less": ("\n".join([*lines[:2], *lines[3:]]), "inclusion-invalid"),
        "a hash more": ("\n".join([*lines[:2], lines[2], *lines[2:]]), "inclusion-invalid"),
        "a short hash": ("\n".join([*lines[:2], "AAAA", *lines[3:]]), "not-canonical"),
        "a leading zero": (good.replace("index 4", "index 04"), "not-canonical"),
        "extra data": (good.replace("index 4", "extra AAAA\nindex 4"), "not-canonical"),
        "version 2": (good.replace("@v1", "@v2"), "not-canonical"),
        "no note": (good.split("\n\n")[0] + "\n\n", "not-canonical"),
    }
    leaf = ONE[4].to_bytes().hex()
    cases += [
        {"name": name, "leaf": leaf, "text": text, "verdict": code} for name, (text, code) in wrong.items()
    ]
    other: Case = {
        "name": "another leaf",
        "leaf": OTHER[4].to_bytes().hex(),
        "text": good,
        "verdict": "inclusion-invalid",
    }
    return [*cases, other]


def genesis_cases() -> list[Case]:
    """Return a common and a caucus genesis, and one change each."""
    common = Genesis.of(HOST.keys, REGISTER, DELEGATIONS).body()
    caucus = Caucus(talks=talks_id(common), delegation=DELEGATIONS[0])
    keys = HOST.named(f"venue.example/t/{CAUCUS}").keys
    own = Genesis.of(keys, CAUCUS, DELEGATIONS, caucus).body()
    cases: list[Case] = [
        {"name": "common", "body": b64(common), "talks": talks_id(common).hex(), "verdict": "ok"},
        {"name": "caucus", "body": b64(own), "common": b64(common), "verdict": "ok"},
        {
            "name": "common for a caucus",
            "body": b64(common),
            "common": b64(common),
            "verdict": "genesis-invalid",
        },
    ]
    vkeys = HOST.vkeys
    wrong: dict[str, tuple[dict[str, object], str]] = {
        "form 2": ({"form": "good-offices/genesis/2"}, "unknown-version"),
        "another suite": ({"suite": "GO-2"}, "unknown-version"),
        "rules 2": ({"rules": 2}, "unknown-version"),
        "another origin": ({"origin": f"venue.example/t/{CAUCUS}"}, "genesis-invalid"),
        "origin without a host": ({"origin": f"/t/{REGISTER}"}, "genesis-invalid"),
        "another register": ({"register": CAUCUS}, "genesis-invalid"),
        "upper-case id": ({"register": REGISTER.upper()}, "genesis-invalid"),
        "one key": ({"host": vkeys[:1]}, "genesis-invalid"),
        "keys exchanged": ({"host": vkeys[::-1]}, "genesis-invalid"),
        "keys of another origin": ({"host": keys.vkeys}, "genesis-invalid"),
        "one delegation": ({"delegations": list(DELEGATIONS[:1])}, "genesis-invalid"),
        "delegations out of order": ({"delegations": list(DELEGATIONS[::-1])}, "genesis-invalid"),
        "a delegation twice": ({"delegations": [DELEGATIONS[0]] * 2}, "genesis-invalid"),
        "caucus of nobody": ({"caucus": {"talks": bytes(32), "delegation": "c2" * 16}}, "genesis-invalid"),
        "caucus of no talks": (
            {"caucus": {"talks": b"", "delegation": DELEGATIONS[0]}},
            "genesis-invalid",
        ),
        "unknown field": ({"more": 1}, "not-canonical"),
    }
    for name, (change, code) in wrong.items():
        body = encode({**decode(common), **change})
        cases.append({"name": name, "body": b64(body), "verdict": code})
    return cases


def fork_cases() -> list[Case]:
    """Return evidence of each kind, and evidence that proves nothing."""
    keys = HOST.keys
    seen = keys.seen_note(seen_of(signed(TREE, 9)))
    good = {
        "roots": fork_of_roots(signed(TREE, 11), signed(FORKED, 11), keys),
        "prefix": fork_of_prefix(signed(TREE, 7), signed(FORKED, 11), FORKED, keys),
        "prefix of a power of two": fork_of_prefix(signed(TREE, 8), signed(FORKED, 11), FORKED, keys),
        "prefix, the first as seen": fork_of_prefix(seen, signed(FORKED, 11), FORKED, keys),
        "entry": fork_of_entries(receipt(TREE, ONE, 4, 7), receipt(FORKED, OTHER, 4, 11), keys),
    }
    cases: list[Case] = [
        {"name": name, "evidence": b64(fork.to_bytes()), "verdict": "ok"} for name, fork in good.items()
    ]

    def changed(name: str, change: Callable[[dict[str, object]], object]) -> str:
        value = decode(good[name].to_bytes())
        change(value)
        return b64(encode(value))

    honest, roots = signed(TREE, 7), decode(good["roots"].to_bytes())
    proof = TREE.consistency_proof(7, 11)
    wrong = {
        "roots: out of order": (
            changed("roots", lambda v: v.update(first=roots["second"], second=roots["first"])),
            "fork-unproved",
        ),
        "roots: one note twice": (changed("roots", lambda v: v.update(second=v["first"])), "fork-unproved"),
        "roots: two sizes": (changed("roots", lambda v: v.update(first=honest)), "fork-unproved"),
        "roots: another host": (
            changed("roots", lambda v: v.update(first=signed(TREE, 11, STRANGER))),
            "signature-lines",
        ),
        "prefix: an honest host": (
            changed(
                "prefix",
                lambda v: v.update(
                    second=signed(TREE, 11), claim={"kind": "prefix", "root": TREE.root(7), "proof": proof}
                ),
            ),
            "fork-unproved",
        ),
        "prefix: an invented root": (
            changed("prefix", lambda v: v["claim"].update(root=bytes(32))),
            "consistency-invalid",
        ),
        "entry: an invented leaf": (
            changed("entry", lambda v: v["claim"].update(second_leaf=bytes(32))),
            "inclusion-invalid",
        ),
        "entry: one leaf": (
            changed("entry", lambda v: v["claim"].update(second_leaf=v["claim"]["first_leaf"])),
            "fork-unproved",
        ),
        "entry: equal sizes": (changed("entry", lambda v: v.update(first=v["second"])), "fork-unproved"),
        "an unknown claim": (changed("roots", lambda v: v.update(claim={"kind": "times"})), "not-canonical"),
        "form 2": (changed("roots", lambda v: v.update(form="good-offices/fork/2")), "unknown-version"),
    }
    return cases + [{"name": name, "evidence": data, "verdict": code} for name, (data, code) in wrong.items()]


def write(name: str, cases: list[Case], **facts: object) -> None:
    """Write one file, one case a line."""
    rows = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    head = json.dumps({"spec": "spec/register.md", **facts})[:-1]
    (HERE / f"{name}.json").write_text(head + ', "cases": [\n' + rows + "\n]}\n", encoding="utf-8")


def main() -> None:
    """Write every file."""
    write("leaf", leaf_cases())
    write("checkpoint", checkpoint_cases(), host=HOST.vkeys)
    write("cosignature", cosignature_cases(), desk=str(DESK.vkey))
    write("receipt", receipt_cases(), host=HOST.vkeys)
    write("genesis", genesis_cases())
    write("fork", fork_cases(), host=HOST.vkeys)


if __name__ == "__main__":
    main()
