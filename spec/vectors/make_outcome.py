"""Make the vectors of the outcome (spec/outcome.md): one honest file, and forgeries of it with their codes.

    python -m spec.vectors.make_outcome

Keys come from labels in tests/support/outcomes.py. ML-DSA signing is hedged, so a new run gives new files with the
same verdicts.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from types import SimpleNamespace

from msgspec import structs
from tests.support.outcomes import ORIGIN, Stage, full
from tests.unit.instrument.test_forgeries import FORGERIES

from good_offices.encoding import decode, encode
from good_offices.instrument.closing import disclose
from good_offices.instrument.outcome import EVIDENCE, RECEIPT, EvidenceFile, ReceiptFile
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.fork import fork_of_roots
from good_offices.register.receipt import Receipt

HERE = Path(__file__).parent / "outcome"
# Changes that anybody can make to the honest file: given as changes of its decoded value, to be encoded again.
CHANGED = (
    "genesis_is_missing",
    "another_arrival_time",
    "another_body",
    "the_key_of_another_entry",
    "closing_record_of_one_side",
    "an_entry_left_out",
    "another_text_in_one_language",
    "languages_exchanged",
    "a_cosignature_left_out",
    "a_cosignature_too_many",
    "a_later_form",
    "a_renewal_chain",
)
# What only all parties together could sign: given as whole files.
SIGNED = ("signature_by_a_recalled_desk", "full_powers_left_out", "signatories_exchanged")


def b64(data: bytes) -> str:
    """Return base64."""
    return base64.b64encode(data).decode()


def played() -> SimpleNamespace:
    """Return fresh talks before their closing record."""
    stage, instrument, said = full()
    record = stage.record(extra=[stage.hash(said)])
    return SimpleNamespace(stage=stage, instrument=instrument, said=said, record=record)


def changes(honest: object, forged: object, path: tuple[object, ...] = ()) -> list[dict[str, object]]:
    """Return how to make the decoded value `forged` of `honest`: values set and list items removed, by path."""
    if isinstance(honest, dict) and isinstance(forged, dict):
        found = []
        for key in sorted(honest.keys() | forged.keys()):
            if key not in honest:
                found.append({"path": [*path, key], "set": b64(encode(forged[key]))})
            elif key not in forged:
                found.append({"path": [*path, key], "remove": True})
            else:
                found += changes(honest[key], forged[key], (*path, key))
        return found
    if isinstance(honest, list) and isinstance(forged, list):
        if len(honest) == len(forged):
            pairs = enumerate(zip(honest, forged, strict=True))
            return [one for at, (old, new) in pairs for one in changes(old, new, (*path, at))]
        gone = [at for at, one in enumerate(honest) if one not in forged]
        if [one for at, one in enumerate(honest) if at not in gone] == forged:
            return [{"path": [*path, at], "remove": True} for at in reversed(gone)]
    return [] if honest == forged else [{"path": list(path), "set": b64(encode(forged))}]


def outcome_cases() -> list[dict[str, object]]:
    """Return the honest file and its forgeries."""
    talks = played()
    talks.stage.close(talks.record, deposit=talks.instrument)
    talks.outcome = talks.stage.assembled(talks.record)
    honest = talks.outcome.to_bytes()
    roots = [one.root.fingerprint for one in talks.stage.parties.values()]
    cases: list[dict[str, object]] = [
        {"name": "honest", "file": b64(honest), "verdict": "ok", "trust": "unestablished"},
        {"name": "both roots", "changes": [], "roots": roots, "verdict": "ok", "trust": "established"},
        {"name": "one root", "changes": [], "roots": roots[:1], "verdict": "ok", "trust": "unestablished"},
        {"name": "another root", "changes": [], "roots": ["ab" * 32], "verdict": "root-differs"},
    ]
    for code, name, made in FORGERIES:
        forged = {"name": name.replace("_", " "), "verdict": code}
        if name in CHANGED:
            how = changes(decode(honest), decode(made(talks).to_bytes()))
            cases.append({**forged, "changes": how})
        elif name in SIGNED:
            cases.append({**forged, "file": b64(made(played()).to_bytes())})
    return cases


def other_cases() -> list[dict[str, object]]:
    """Return one file of each other form."""
    talks = played()
    stage: Stage = talks.stage
    replay, size = stage.replay, stage.tree.size
    act = stage.hash(talks.said)
    shown = disclose(replay.roster, replay.plenary, stage.judged, stage.kept, stage.tree, stage.note(), act)
    leaf = stage.rows[3].leaf
    receipt = Receipt.of(3, leaf, stage.tree.inclusion_proof(3, size), stage.note())
    genesis = stage.genesis.body()
    delivered = ReceiptFile(form=RECEIPT, genesis=genesis, leaf=leaf.to_bytes(), receipt=receipt.to_text())
    second = stage.host.sign(Checkpoint(ORIGIN, size, bytes(32)), 1)
    fork = fork_of_roots(stage.note(), second, stage.host.keys)
    evidence = EvidenceFile(form=EVIDENCE, genesis=genesis, fork=fork.to_bytes())
    cut = structs.replace(shown, entries=shown.entries[:3])
    other_leaf = structs.replace(delivered, leaf=stage.rows[4].leaf.to_bytes())
    files = {
        "a disclosed act": (shown, "ok"),
        "a disclosure without its act": (cut, "entry-kind"),
        "a receipt": (delivered, "ok"),
        "a receipt with the leaf of another entry": (other_leaf, "inclusion-invalid"),
        "evidence of two histories": (evidence, "ok"),
    }
    return [
        {"name": name, "file": b64(file.to_bytes()), "verdict": verdict}
        for name, (file, verdict) in files.items()
    ]


def main() -> None:
    """Write the files."""
    HERE.mkdir(exist_ok=True)
    for name, cases in (("outcome", outcome_cases()), ("others", other_cases())):
        path = HERE / f"{name}.json"
        path.write_text(json.dumps({"spec": "spec/outcome.md", "cases": cases}, indent=1) + "\n")


if __name__ == "__main__":
    main()
