"""Forgeries of an outcome, each with its code: the forger is the host, and the parties where it says so.

Every forged file is well-formed: hashes, proofs, checkpoints and host signatures are computed again. What the forger
lacks is the keys of at least one honest party; where a check could only be reached with all keys, all parties lie.
"""

from __future__ import annotations

import pytest
from tests.support.outcomes import Stage, full
from tests.unit.instrument import forged_acts, forged_entries, forged_records
from tests.unit.instrument.forging import FORGERIES

from good_offices.errors import CATALOGUE, RemoteError
from good_offices.instrument.anchors import anchors_of
from good_offices.instrument.verify import verify_outcome

MODULES = (forged_entries, forged_acts, forged_records)


@pytest.mark.parametrize(("code", "name", "made"), FORGERIES, ids=[name for _, name, _ in FORGERIES])
def test_forgery_is_refused_by_its_code(code, name, made, talks, fresh):
    wanted = made.__code__.co_varnames[0]
    forged = made(fresh if wanted == "fresh" else talks)
    with pytest.raises(RemoteError) as refused:
        verify_outcome(forged if isinstance(forged, bytes) else forged.to_bytes())
    assert refused.value.code == code
    assert refused.value.remedy


def test_whole_talks_invented_are_never_established(talks):
    """Fresh keys for everybody: internally consistent, and nothing more; with the real roots, refused."""
    stage, instrument, _ = full(Stage("invented"))
    record = stage.record()
    stage.close(record, deposit=instrument)
    data = stage.assembled(record).to_bytes()
    finding = verify_outcome(data)
    assert (finding.valid, finding.trust) == (True, "unestablished")
    assert any("identity, capacity and time" in one for one in finding.does_not_prove)
    real = [one.fingerprint for one in talks.record.roots]
    with pytest.raises(RemoteError) as refused:
        verify_outcome(data, anchors_of(roots=real))
    assert refused.value.code == "root-differs"
    assert verify_outcome(data, anchors_of(trust="\n".join(real))).trust == "unestablished"


def test_every_code_of_an_outcome_is_provoked():
    """One forgery at least for each refusal that verify knows."""
    names = list(CATALOGUE)
    section = names[names.index("genesis-wrong") : names.index("root-differs")]
    assert set(section) == {code for code, _, _ in FORGERIES} - {"unknown-version", "not-canonical"}
    assert {made.__module__ for _, _, made in FORGERIES} == {one.__name__ for one in MODULES}
