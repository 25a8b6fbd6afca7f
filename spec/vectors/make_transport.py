"""Make the test vectors of the transport: signed requests, posting secrets, appends, event streams.

    python spec/vectors/make_transport.py

Everything is derived from constants in this file; a new run gives the same bytes.
"""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path

from good_offices.encoding import pack
from good_offices.transport import signing
from good_offices.transport.pages import Append, Kept, Page, Posted, write_page
from good_offices.transport.sse import HEARTBEAT, frame

HERE = Path(__file__).parent / "transport"
NOW = 1_800_000_000
DESK, DELEGATION = "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "a0" * 16
NONCE = "00112233445566778899aabbccddeeff"
ENROLMENT = bytes(range(32))
SECRET = signing.posting_secret(ENROLMENT, DESK)
REGISTER = f"/v1/r/{'c2' * 16}"

Case = dict[str, object]


def request(name: str, verdict: str = "ok", *, now: int = NOW, **changed: str) -> Case:
    """Return one signed request; `changed` replaces what arrives after it was signed."""
    keyid, secret, method, path, query, body = REQUESTS[name]
    headers = signing.sign(
        secret, keyid=keyid, method=method, path=path, query=query, body=body, created=NOW, nonce=NONCE
    )
    arrived = {
        "method": method,
        "path": path,
        "query": query,
        "body": body.hex(),
        "content_digest": headers["Content-Digest"],
        "signature_input": headers["Signature-Input"],
        "signature": headers["Signature"],
        **changed,
    }
    label = name if verdict == "ok" else f"{name}: {', '.join(changed) or 'time'} {verdict}"
    return {"name": label, "secret": secret.hex(), "keyid": keyid, "now": now, **arrived, "verdict": verdict}


REQUESTS = {
    "append": (DESK, SECRET, "POST", f"{REGISTER}/entries", "", pack(Append(entries=[Posted(4, b"sealed")]))),
    "page": (DESK, SECRET, "GET", f"{REGISTER}/entries", "from=0&limit=1000", b""),
    "stream": (DESK, SECRET, "GET", f"{REGISTER}/stream", "after=41", b""),
    "removal": (f"delegation:{DELEGATION}", ENROLMENT, "DELETE", f"/v1/desks/{DESK}", "", b""),
}


def requests() -> list[Case]:
    """Return requests that are good, and each with one thing changed."""
    good = request("append")
    headers = {name: str(good[name]) for name in ("content_digest", "signature_input", "signature")}
    stamped = headers["signature_input"]
    bad = "request-not-signed"
    other = signing.content_digest(b"other")
    changes: list[tuple[str, str, str]] = [
        ("method", "PUT", bad),
        ("path", f"/v1/r/{'c3' * 16}/entries", bad),
        ("path", f"{REGISTER}/%65ntries", bad),
        ("query", "from=1", bad),
        ("content_digest", other, bad),
        ("content_digest", "", bad),
        ("signature", headers["signature"].replace("=:", "=: "), bad),
        ("signature", "", bad),
        ("signature_input", stamped.replace(f"created={NOW}", f"created={NOW + 1}"), bad),
        ("signature_input", stamped.replace(f"created={NOW}", f"created=0{NOW}"), bad),
        ("signature_input", stamped.replace(NONCE, "ff" * 16), bad),
        ("signature_input", stamped.replace(NONCE, NONCE.upper()), bad),
        ("signature_input", stamped.replace(DESK, DELEGATION), bad),
        ("signature_input", stamped.replace('"@method" "@path"', '"@path" "@method"'), bad),
        ("signature_input", stamped.replace(";", "; "), bad),
        ("signature_input", stamped.replace(';tag="good-offices"', ""), bad),
        ("body", b"other".hex(), "digest-differs"),
    ]
    wrong = [request("append", verdict, **{part: value}) for part, value, verdict in changes]
    times = [
        {**request("append", now=NOW + apart), "name": f"append: {apart} s later"} for apart in (-300, 300)
    ]
    late = [request("append", "clock-apart", now=NOW + apart) for apart in (-301, 301)]
    return [*map(request, REQUESTS), *times, *wrong, *late]


def secrets() -> list[Case]:
    """Return enrolment keys, desks, and the posting secrets that follow."""
    keys = [(ENROLMENT, DESK), (ENROLMENT, "00" * 16), (bytes(32), DESK), (b"\xff" * 32, "ff" * 16)]
    return [
        {
            "name": f"{enrolment[:2].hex()} {desk[:4]}",
            "enrolment": enrolment.hex(),
            "desk": desk,
            "secret": signing.posting_secret(enrolment, desk).hex(),
            "verdict": "ok",
        }
        for enrolment, desk in keys
    ]


def appends() -> list[Case]:
    """Return bodies of requests to append, in their one form and in others."""
    one = pack(Append(entries=[Posted(4, b"abc")]))
    cases: list[Case] = [
        {
            "name": f"{len(entries)} entries, {sum(len(entry.body) for entry in entries)} bytes",
            "body": pack(Append(entries=entries)).hex(),
            "entries": [{"kind": entry.kind, "body": entry.body.hex()} for entry in entries],
            "verdict": "ok",
        }
        for entries in (
            [Posted(4, b"abc")],
            [Posted(2, b""), Posted(3, bytes(23)), Posted(4, bytes(24))],
            [Posted(4, bytes(255)), Posted(4, bytes(256))],
            [Posted(4, b"%d" % at) for at in range(24)],
        )
    ]
    wrong = {
        "a byte after the end": one + b"\x00",
        "the end is missing": one[:-1],
        "a length that is not the shortest": one.replace(b"\x43abc", b"\x58\x03abc"),
        "a list of no stated length": one.replace(b"\x81", b"\x9f") + b"\xff",
        "names in another order": b"\xa1gentries\x81\xa2dkind\x04dbody\x43abc",
        "another name": one.replace(b"dkind", b"dtype"),
        "a kind that is text": one[:-1] + b"\x614",
    }
    cases += [{"name": name, "body": body.hex(), "verdict": "not-canonical"} for name, body in wrong.items()]
    return cases


def streams() -> list[Case]:
    """Return streams, each in the pieces in which it arrives, and their events."""
    page = Page(start=7, entries=[Kept(bytes(50), b"abc"), Kept(b"\x01" * 50, None)], checkpoint=b"note")
    data = b64encode(write_page(page.checkpoint, 7, [(one.leaf, one.body) for one in page.entries]))
    full, empty = frame("entries", data, 8), frame("entries", b"oA==", None)
    event: Case = {"name": "entries", "data": data.decode(), "id": 8}
    first: Case = {"name": "entries", "data": "oA==", "id": None}
    good: list[tuple[str, list[bytes], list[Case | None]]] = [
        ("one event", [full], [event]),
        ("a heartbeat", [HEARTBEAT], [None]),
        ("no id without entries", [empty, HEARTBEAT, full], [first, None, event]),
        ("in pieces of one byte", [bytes((one,)) for one in full + HEARTBEAT], [event, None]),
        ("not yet complete", [full[:-1]], []),
    ]
    bad = {
        "an unknown field": b"retry: 1\n\n",
        "a field twice": b"id: 1\nid: 2\n\n",
        "no space after the colon": b"id:1\n\n",
        "no data": b"event: entries\n\n",
        "an id that is no number": b"id: x\nevent: entries\ndata: oA==\n\n",
        "lines that end in CR LF": full.replace(b"\n", b"\r\n"),
    }
    return [
        *(
            {"name": name, "pieces": [one.hex() for one in pieces], "events": events, "verdict": "ok"}
            for name, pieces, events in good
        ),
        *({"name": name, "pieces": [one.hex()], "verdict": "stream-broken"} for name, one in bad.items()),
    ]


def write(name: str, rules: str, cases: list[Case]) -> None:
    """Write one file of vectors."""
    text = json.dumps({"source": f"spec/transport.md {rules}", "cases": cases}, indent=1, ensure_ascii=False)
    (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Write all files."""
    HERE.mkdir(exist_ok=True)
    write("signing", "section 2", requests())
    write("posting", "rule 2.6", secrets())
    write("appends", "rule 4.1", appends())
    write("streams", "section 5", streams())


if __name__ == "__main__":
    main()
