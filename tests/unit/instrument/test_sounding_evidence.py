"""Evidence of a false message: what convicts, and that nothing convicts a desk that was honest."""

from functools import cache

import pytest
from msgspec.structs import replace
from tests.support.soundings import Played, context, digest, seed

from good_offices.clerk.verifying import verified
from good_offices.encoding import pack
from good_offices.errors import RemoteError
from good_offices.instrument.anchors import Beside, anchors_of
from good_offices.instrument.evidence import SOUNDING
from good_offices.instrument.sounding_evidence import (
    SOUNDING_EVIDENCE,
    SoundingEvidence,
    convicted,
    packed,
    verify_sounding_evidence,
)
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ACT, ROOT
from good_offices.soundings.context import Party, Run
from good_offices.soundings.course import course
from good_offices.talks.acts import Act, Seen, sign_act
from good_offices.talks.credentials import Root, Statement, certificate_message
from good_offices.talks.events_sounding import SoundingAnswered

ROOTS = [ROOT.signer(digest(f"root {place}") * 2) for place in range(2)]
DESKS = [ACT.signer(digest(f"desk {place}") * 2) for place in range(2)]


def root(place):
    return Root(public=ROOTS[place].public, successor=digest("successor"))


def statement(place):
    return Statement(
        talks=digest("talks"),
        delegation=f"party-{place}",
        member=f"member-{place}",
        desk=f"desk-{place}",
        act=DESKS[place].public,
        note=digest("note"),
        cosigner=digest("cosigner"),
    )


def of_parties(**changed):
    parties = [Party(delegation=f"party-{place}", root=root(place).fingerprint) for place in range(2)]
    return replace(context(3), parties=parties, **changed)


@cache
def played():
    return Played([(True, False, True), (True, True, False)], Run(of_parties()))


def binds(step, before, run=None):
    held = course(run or played().run)
    for place, message in enumerate(before):
        held.take(1, place, message, held.binds(1))
    return held.binds(step)


def signed(body, step=1, *, place=1, bound=None, piece=0, pieces=1, before=(), run=None, **changed):
    said = run or played().run
    event = SoundingAnswered(
        sounding=said.context.sounding,
        attempt=0,
        step=step,
        piece=piece,
        pieces=pieces,
        binds=binds(step, before, run) if bound is None else bound,
        body=body,
    )
    act = Act(
        talks=digest("talks"),
        room=said.context.room,
        author=statement(place).hash,
        manifest=digest("manifest"),
        sequence=0,
        previous=bytes(32),
        seen=Seen(size=1, root=digest("root")),
        state=digest("state"),
        time=1,
        event=event,
    )
    return pack(sign_act(replace(act, **changed), DESKS[place]))


def evidence(pieces, *, place=1, step=1, before=(), run=None, **changed):
    held = SoundingEvidence(
        context=pack((run or played().run).context),
        place=place,
        step=step,
        before=tuple(before),
        pieces=tuple(pieces),
        statement=statement(place),
        root=root(place),
        certificate=ROOTS[place].sign(Domain.CERTIFICATE, certificate_message(statement(place), root(place))),
    )
    return replace(held, **changed)


def false(message):
    """The same message with another challenge: its form is right, its proof does not hold."""
    return message[:32] + digest("challenge")[:31] + b"\x01" + message[64:]


def test_the_form_is_one():
    assert SOUNDING == SOUNDING_EVIDENCE


@pytest.mark.parametrize(
    ("body", "code"),
    [(lambda: false(played().first[1]), "sounding-proof"), (lambda: b"short", "sounding-form")],
)
def test_a_false_message_convicts_who_signed_it(body, code):
    given = evidence([signed(body())])
    assert convicted(given).code == code
    finding = verified(packed(given))
    assert (finding.valid, finding.trust) == (True, "unestablished")
    assert "does not hold: signed by the desk" in finding.proves[0]
    known = verified(packed(given), Beside(anchors=anchors_of([root(1).fingerprint], None)))
    assert known.trust == "established"


def test_a_message_of_another_run_convicts():
    other = Played([(True, True, True)] * 2, Run(of_parties(sounding=digest("another"))))
    assert convicted(evidence([signed(other.first[1])])).code == "sounding-proof"


def test_a_false_second_step_convicts():
    before = played().first
    body = bytearray(played().second[1])
    body[-1] ^= 1
    given = evidence([signed(bytes(body), 2, before=before)], step=2, before=before)
    assert convicted(given).code in ("sounding-proof", "sounding-form")


def test_pieces_that_bind_themselves_to_different_things_convict():
    whole = played().first[1]
    halves = [signed(whole[:9], piece=0, pieces=2), signed(whole[9:], piece=1, pieces=2, bound=bytes(64))]
    assert convicted(evidence(halves)).facts["what"] == "that it followed one course"


def unproved(given):
    with pytest.raises(RemoteError) as refused:
        convicted(given)
    assert not verified(pack(given)).valid
    return refused.value.facts.get("why", refused.value.code)


def test_an_honest_message_convicts_nobody():
    assert unproved(evidence([signed(played().first[1])])) == "the message holds"
    before = played().first
    given = evidence([signed(played().second[1], 2, before=before)], step=2, before=before)
    assert unproved(given) == "the message holds"


def test_another_context_convicts_nobody():
    # The accused signed the true context; the accuser shows another, under which the message cannot hold.
    run = Run(of_parties(closes=1))
    assert "another context" in unproved(evidence([signed(played().first[1])], run=run))
    with pytest.raises(RemoteError, match="does not show a false message"):
        convicted(evidence([signed(b"x")], context=pack(of_parties(attempt=9))))


def test_other_messages_before_convict_nobody():
    before = played().first
    other = Played([(False, False, False), (True, True, False)], played().run)
    act = signed(played().second[1], 2, before=before)
    shown = evidence([act], step=2, before=[other.first[0], before[1]])
    assert "other messages before" in unproved(shown)
    assert unproved(evidence([act], step=2, before=before[:1])) == "messages before are missing"
    wrong = evidence([act], step=2, before=[false(before[0]), before[1]])
    assert unproved(wrong) == "the messages before do not hold"


def test_another_signer_convicts_nobody():
    act = signed(false(played().first[1]), place=0)
    assert unproved(evidence([act])) == "signature-invalid"
    named = signed(false(played().first[1]), author=statement(0).hash)
    assert unproved(evidence([named])) == "an act in it is not of this step"
    assert "not of the delegation" in unproved(evidence([act], statement=statement(0)))
    assert "not of the delegation" in unproved(evidence([act], root=root(0)))
    assert unproved(evidence([signed(false(played().first[1]))], certificate=bytes(ROOT.signature))) == (
        "signature-invalid"
    )


def test_cut_pieces_convict_nobody():
    whole = played().first[1]
    halves = [signed(whole[:9], piece=0, pieces=2), signed(whole[9:], piece=1, pieces=2)]
    assert unproved(evidence(halves)) == "the message holds"
    assert unproved(evidence(halves[:1])) == "pieces of the message are missing"
    assert unproved(evidence(halves[::-1])) == "pieces of the message are missing"
    assert unproved(evidence([])) == "the message is not there"


@pytest.mark.parametrize(
    "changed", [{"place": 7}, {"step": 3}, {"step": 0}, {"place": 0}], ids=["place", "step", "zero", "other"]
)
def test_a_place_or_step_that_is_not_there(changed):
    assert unproved(replace(evidence([signed(false(played().first[1]))]), **changed))


def test_a_number_that_the_reader_requires():
    with pytest.raises(RemoteError) as refused:
        verify_sounding_evidence(
            packed(evidence([signed(b"short")])), anchors_of([digest("another").hex()], None)
        )
    assert refused.value.code == "root-differs"


def test_the_seeds_of_the_sides_are_not_in_it():
    content = packed(evidence([signed(b"short")]))
    assert all(seed(place) not in content for place in range(2))
