"""Make the vectors of a depositary (spec/depositary.md): its card, the file of a deposit, a receipt, a certified copy, and forgeries.

    python -m spec.vectors.make_depositary

Keys come from labels in tests/support. ML-DSA signing is hedged, so a new run gives new files with the same verdicts.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

from msgspec import structs
from spec.vectors.make_outcome import changes
from tests.support.depositaries import card, receipt
from tests.support.outcomes import Stage
from tests.unit.instrument.test_deposited import admitting, copied, deposit, handed, receipted, without

from good_offices.encoding import decode, pack

HERE = Path(__file__).parent / "depositary"


def main() -> None:
    """Write the vectors."""
    stage = Stage("vectors").open().modalities()
    instrument = stage.text()
    stage.sign(instrument)
    stage.both(admitting())
    stage.both(deposit(instrument))
    file, signed, copy = handed(stage, instrument), receipted(stage, instrument), copied(stage, instrument)
    good = {
        "card": pack(card()),
        "deposit": file.to_bytes(),
        "receipt": signed.to_bytes(),
        "copy": copy.to_bytes(),
    }
    unadmitted = without(stage, file.entries, "DepositaryAdmitted")
    undeposited = without(stage, file.entries, "InstrumentDeposited")
    other, by_other = receipt(
        "another", talks=stage.talks, instrument=instrument.id, digest=instrument.digest
    )
    forged = [
        ("card", "another name", "depositary-card-wrong", pack(structs.replace(card(), called="Another"))),
        ("deposit", "not admitted", "deposit-wrong", structs.replace(file, entries=unadmitted).to_bytes()),
        (
            "deposit",
            "not deposited",
            "deposit-file-wrong",
            structs.replace(file, entries=undeposited).to_bytes(),
        ),
        (
            "deposit",
            "a later form",
            "unknown-version",
            structs.replace(file, form="good-offices/deposit/2").to_bytes(),
        ),
        ("receipt", "not admitted", "deposit-wrong", structs.replace(signed, entries=unadmitted).to_bytes()),
        (
            "receipt",
            "not deposited",
            "deposit-receipt-wrong",
            structs.replace(signed, entries=undeposited).to_bytes(),
        ),
        (
            "receipt",
            "another key",
            "deposit-receipt-wrong",
            structs.replace(signed, statement=other, signature=by_other).to_bytes(),
        ),
        (
            "receipt",
            "of another text",
            "deposit-receipt-wrong",
            receipted(stage, instrument, digest=bytes(32)).to_bytes(),
        ),
        ("copy", "another key", "certified-copy-wrong", copied(stage, instrument, "another").to_bytes()),
        (
            "copy",
            "a desk besides",
            "certified-copy-wrong",
            copied(stage, instrument, certificate=stage.arda.certificate).to_bytes(),
        ),
    ]
    cases = [{"name": f"{name}: honest", "of": name, "verdict": "ok", "changes": []} for name in good]
    for of, name, verdict, data in forged:
        there = changes(decode(good[of]), decode(data))
        cases.append({"name": f"{of}: {name}", "of": of, "verdict": verdict, "changes": there})
    HERE.mkdir(exist_ok=True)
    whole = {"files": {name: base64.b64encode(data).decode() for name, data in good.items()}, "cases": cases}
    (HERE / "files.json").write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
