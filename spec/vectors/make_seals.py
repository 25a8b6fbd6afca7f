"""Make the vectors of spec/envelope.md and spec/rooms.md section 4 from fixed seeds.

The wraps are made once and kept: HPKE encapsulation is random, and what the file pins is that later releases of the
library still open them.
"""

import hashlib
import json
from pathlib import Path

from good_offices.seals.derivation import extract
from good_offices.seals.envelope import seal
from good_offices.seals.wraps import KemKey, wrap_all, wrap_info

HERE = Path(__file__).parent


def _bytes(name: str, length: int = 32) -> bytes:
    return hashlib.shake_256(name.encode()).digest(length)


def envelopes() -> dict:
    valid = []
    for length in (0, 1, 1020, 1021, 5000):
        secret, salt, content = (
            _bytes(f"secret {length}"),
            _bytes(f"salt {length}"),
            _bytes("content", length),
        )
        valid.append(
            {
                "secret": secret.hex(),
                "salt": salt.hex(),
                "content": content.hex(),
                "message_key": extract(salt, secret).hex(),
                "envelope": seal(content, secret, salt=salt).hex(),
            }
        )
    good = bytes.fromhex(valid[1]["envelope"])
    key = valid[1]["message_key"]
    invalid = [
        {
            "why": "version 2",
            "envelope": (b"\x02" + good[1:]).hex(),
            "message_key": key,
            "code": "unknown-version",
        },
        {"why": "cut short", "envelope": good[:500].hex(), "message_key": key, "code": "not-canonical"},
        {
            "why": "another key",
            "envelope": good.hex(),
            "message_key": _bytes("x").hex(),
            "code": "seal-invalid",
        },
        {
            "why": "a flipped bit in the tag",
            "envelope": (good[:-1] + bytes([good[-1] ^ 1])).hex(),
            "message_key": key,
            "code": "seal-invalid",
        },
        {
            "why": "one byte more",
            "envelope": (good + b"\x00").hex(),
            "message_key": key,
            "code": "seal-invalid",
        },
    ]
    return {"spec": "spec/envelope.md", "valid": valid, "invalid": invalid}


def wraps() -> dict:
    seed, secret = _bytes("kem seed"), _bytes("epoch secret")
    info = wrap_info(_bytes("talks"), _bytes("manifest"), _bytes("certificate"))
    key = KemKey(seed)
    block = next(b for b in wrap_all(secret, [(key.public, info)]) if key.unwrap(b, info))
    case = {"seed": seed, "public": key.public, "info": info, "secret": secret, "block": block}
    return {"spec": "spec/rooms.md", "valid": [{name: value.hex() for name, value in case.items()}]}


def _write(path: Path, content: dict) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    _write(HERE / "envelope" / "envelopes.json", envelopes())
    if not (HERE / "wraps" / "wraps.json").exists():
        _write(HERE / "wraps" / "wraps.json", wraps())
