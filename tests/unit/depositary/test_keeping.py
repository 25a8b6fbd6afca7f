"""What a depositary takes, keeps and signs: spec/depositary.md R-167, R-169."""

from __future__ import annotations

import stat
from dataclasses import replace

import pytest
from msgspec import structs
from tests.support.outcomes import Stage, treaty
from tests.unit.instrument.test_after import erratum

from good_offices.depositary import folder as folders
from good_offices.depositary import keeping
from good_offices.encoding import pack
from good_offices.errors import GoodOfficesError, LocalError, OperationalError
from good_offices.instrument.anchors import NO_ANCHORS, anchors_of
from good_offices.instrument.deposited import assemble_deposit, select_handed
from good_offices.instrument.evidence import verify_any
from good_offices.talks.events_after import ErrorNotified
from good_offices.talks.events_depositary import DepositaryAdmitted
from good_offices.talks.events_outcome import InstrumentDeposited
from good_offices.text.model import Words


@pytest.fixture(scope="module")
def signed():
    """A stage with a text that all have signed, in a talks of its own."""
    stage = Stage("keeping").open().modalities()
    instrument = stage.text()
    stage.sign(instrument)
    return stage, instrument


@pytest.fixture
def archive(tmp_path):
    return folders.init(tmp_path / "archive", "Archive of Meridon", represents="The host", language="en")


def given(signed, archive):
    """Let all admit this depositary and designate it."""
    stage, instrument = signed
    stage = stage.copy()
    card = archive.card
    stage.both(DepositaryAdmitted(**{name: getattr(card, name) for name in card.__struct_fields__}))
    stage.both(
        InstrumentDeposited(instrument=instrument.id, digest=instrument.digest, depositary=card.fingerprint)
    )
    return stage, instrument


def handed(stage, instrument):
    indices = select_handed(stage.replay.roster, stage.replay.plenary, stage.judged, instrument.id)
    return assemble_deposit(indices, stage.kept, stage.tree, stage.note(), instrument)


def roots(stage):
    return anchors_of(roots=[one.root.fingerprint for one in stage.parties.values()])


def refused(archive, data, anchors) -> str:
    with pytest.raises(GoodOfficesError) as found:
        keeping.keep(archive, data, anchors)
    assert archive.numbers() == []
    return found.value.code


def test_a_text_is_kept_before_it_is_signed_for_and_once(signed, archive) -> None:
    stage, instrument = given(signed, archive)
    data = handed(stage, instrument).to_bytes()
    entry, receipt = keeping.keep(archive, data, roots(stage))
    assert (entry.number, archive.read(1, keeping.FILE)) == (1, data)
    assert verify_any(receipt).valid
    assert keeping.keep(archive, data, roots(stage))[1] == receipt
    assert archive.numbers() == [1]
    # The machine stopped between the two: the number stays, the receipt is written.
    (archive.path / folders.KEPT / "000001.goreceipt").unlink()
    again = keeping.keep(folders.open_folder(archive.path), data, roots(stage))[1]
    assert verify_any(again).deposits[0].received[0].number == 1


def test_whose_talks_they_are_its_operator_says(signed, archive) -> None:
    stage, instrument = given(signed, archive)
    data = handed(stage, instrument).to_bytes()
    assert refused(archive, data, NO_ANCHORS) == "depositary-roots"
    one = next(iter(stage.parties.values())).root.fingerprint
    assert refused(archive, data, anchors_of(roots=[one])) == "depositary-roots"
    assert refused(archive, data, anchors_of(roots=["0" * 64])) == "root-differs"


def test_a_file_for_another_key_or_altered_is_not_taken(signed, archive, tmp_path) -> None:
    stage, instrument = given(signed, archive)
    file = handed(stage, instrument)
    other = folders.init(tmp_path / "other", "Archive of Meridon", language="en")
    assert refused(other, file.to_bytes(), roots(stage)) == "depositary-not-ours"
    altered = structs.replace(
        instrument.units[0], texts=instrument.units[0].texts | {"en": (Words(text="All is ours."),)}
    )
    text = pack(structs.replace(instrument, units=(altered, *instrument.units[1:])))
    assert refused(archive, structs.replace(file, text=text).to_bytes(), roots(stage)) == "deposit-file-wrong"
    assert refused(archive, file.to_bytes()[:-1], roots(stage)) == "not-canonical"


def test_corrections_are_kept_beside_and_the_newest_is_certified(signed, archive) -> None:
    stage, instrument = given(signed, archive)
    keeping.keep(archive, handed(stage, instrument).to_bytes(), roots(stage))
    first = keeping.certify(archive, 1, "A true copy.", "en", date="2 May 2030")
    assert "share the waters" in verify_any(first).text["en"]
    stage.both(ErrorNotified(instrument=instrument.id, digest=instrument.digest, errata=erratum(instrument)))
    entry, receipt = keeping.keep(archive, handed(stage, instrument).to_bytes(), roots(stage))
    assert entry.number == 2
    assert verify_any(receipt).deposits[0].received[0].corrected == entry.said.final.digest.hex()
    copy = verify_any(keeping.certify(archive, 2, "A true copy.", "en", date="2 May 2030"))
    assert "The waters are one." in copy.text["en"]
    assert copy.certified.corrected == entry.said.final.digest.hex()
    for number, code in ((1, "deposit-not-newest"), (3, "deposit-unknown")):
        with pytest.raises(LocalError) as found:
            keeping.certify(archive, number, "A true copy.", "en", date="today")
        assert found.value.code == code


def test_another_text_of_the_same_instrument_is_not_kept(signed, archive) -> None:
    stage, instrument = given(signed, archive)
    data = handed(stage, instrument).to_bytes()
    keeping.keep(archive, data, roots(stage))
    # The rules of the talks let nobody deposit two: only whoever holds the keys of all could make such a file.
    other = keeping.Entry(0, data, _with(keeping.read_deposit(data), treaty("treaty", en="All is ours.")))
    with pytest.raises(LocalError) as found:
        keeping._same(keeping.kept(archive), other)
    assert found.value.code == "depositary-other-text"


def _with(said, text):
    return replace(said, text=text, final=text)


def test_the_folder_is_whole_and_its_owners_alone(archive, tmp_path) -> None:
    key = archive.path / folders.KEY
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(archive.path.stat().st_mode) == 0o700
    assert folders.open_folder(archive.path).card == archive.card
    with pytest.raises(LocalError) as found:
        folders.init(archive.path, "Again", language="en")
    assert found.value.code == "file-exists"
    with pytest.raises(LocalError) as found:
        folders.open_folder(tmp_path / "none")
    assert found.value.code == "depositary-missing"
    with pytest.raises(LocalError) as found:
        folders.init(tmp_path / "bad", "two\nlines", language="en")
    assert found.value.code == "depositary-card-wrong"
    assert not (tmp_path / "bad").exists()
    (tmp_path / "venue").mkdir()
    (tmp_path / "venue" / "host.key").write_bytes(b"")
    with pytest.raises(LocalError) as found:
        folders.init(tmp_path / "venue" / "archive", "Archive", language="en")
    assert found.value.code == "depositary-beside-venue"


def test_what_is_damaged_is_told(signed, archive) -> None:
    stage, instrument = given(signed, archive)
    keeping.keep(archive, handed(stage, instrument).to_bytes(), roots(stage))
    kept = archive.path / folders.KEPT / "000001.godeposit"
    kept.write_bytes(kept.read_bytes()[:-1])
    with pytest.raises(OperationalError) as found:
        keeping.kept(archive)
    assert found.value.code == "depositary-damaged"
    (archive.path / folders.KEY).write_bytes(b"")
    with pytest.raises(OperationalError):
        archive.signer()
    (archive.path / folders.CARD).write_bytes(b"")
    with pytest.raises(OperationalError):
        folders.open_folder(archive.path)
