"""Copy test vectors that others published into one file each, with their source.

    python spec/vectors/import_upstream.py MERKLE_CHECKOUT CCTV_CHECKOUT

The facts (numbers, hashes, verdicts) are copied; `desc` and file names of the source become `name`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
MERKLE = "https://github.com/transparency-dev/merkle testdata, commit 417fb0c3, Apache-2.0"
CCTV = "https://github.com/C2SP/CCTV ed25519/ed25519vectors.json, commit 1e3d2860, BSD-3-Clause"
NOTICE = "Copyright 2019 Google LLC; Copyright 2022 Filippo Valsorda"


def merkle(checkout: Path, subject: str) -> dict[str, object]:
    """Return the cases of `testdata/<subject>`; `refused` is the source's verdict."""
    cases = []
    top = checkout / "testdata" / subject
    for path in sorted(top.rglob("*.json")):
        case = json.loads(path.read_text())
        case.pop("desc")
        case["refused"] = case.pop("wantErr")
        case["proof"] = case["proof"] or []
        cases.append({"name": str(path.relative_to(top).with_suffix("")), **case})
    return {"source": MERKLE, "cases": cases}


def main(arguments: list[str]) -> None:
    """Write merkle-inclusion.json, merkle-consistency.json and ed25519/cctv.json."""
    checkout, cctv = map(Path, arguments)
    for subject in ("inclusion", "consistency"):
        write(HERE / "register" / f"merkle-{subject}.json", merkle(checkout, subject))
    cases = json.loads((cctv / "ed25519" / "ed25519vectors.json").read_text())
    for case in cases:
        case["flags"] = case["flags"] or []
    write(HERE / "ed25519" / "cctv.json", {"source": CCTV, "notice": NOTICE, "cases": cases})


def write(path: Path, value: dict[str, object]) -> None:
    """Write one case a line, so that a change shows as one line."""
    head = {key: one for key, one in value.items() if key != "cases"}
    rows = ",\n".join(json.dumps(case) for case in value["cases"])
    path.write_text(json.dumps(head)[:-1] + ', "cases": [\n' + rows + "\n]}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
