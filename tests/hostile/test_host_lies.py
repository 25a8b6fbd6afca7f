"""A host that lies to the desks: each test is the host, with its real keys and everything the venue stores."""

import time

import pytest
from tests.support.house import PASSPHRASE, House

from good_offices.desk import people
from good_offices.desk.desk import Desk
from good_offices.encoding import pack
from good_offices.errors import EquivocationError, LocalError, OperationalError, RemoteError
from good_offices.instrument.anchors import Anchors, Beside
from good_offices.instrument.evidence import verify_any
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.tree import Tree
from good_offices.talks.events_plenary import StatementMade
from good_offices.transport import pages
from good_offices.venue.offer import offer

CANARY = "Kingfisher"


def say(desk, text="Words.", room="plenary"):
    return desk.act(room, StatementMade(text=text, language="en"))


class Liar:
    """Stands before a desk's client and answers for the venue where it is told to."""

    def __init__(self, house, desk):
        self._true = desk.client
        self._signer = house.venue.folder.signer().named(desk.common.ledger.genesis.origin)
        self._desk = desk
        self.changes = {}
        self._made = {}
        desk.common.ledger._source = self

    def __getattr__(self, name):
        return self.changes.get(name, getattr(self._true, name))

    def honest(self):
        self.changes.clear()

    def note(self, tree):
        return self._signer.sign(Checkpoint(self._signer.origin, tree.size, tree.root()), int(time.time()))

    def tree(self, size=None):
        ours = self._desk.common.ledger.tree
        return Tree.from_leaves(b"".join(ours.leaf(at) for at in range(ours.size if size is None else size)))

    def page(self, register, start):
        if "page" in self.changes:
            return self.changes["page"](register, start)
        return self._true.page(register, start)

    def consistency(self, register, old, new):
        return self.changes.get("consistency", self._true.consistency)(register, old, new)

    def _kept(self, at):
        """Return an entry as it was shown to the desk, from what the host made up or from the desk's own archive."""
        if at in self._made:
            return self._made[at]
        kept = self._desk.common.kept(at)
        return pages.Kept(leaf=kept.leaf, body=kept.body)

    def serve(self, bodies, tree=None, kind=Kind.ENVELOPE):
        """Serve a history of the host's own making, from the desk's present size on."""
        tree = tree or self.tree()
        start = tree.size
        made = [self._kept(at) for at in range(start)]
        for body in bodies:
            leaf = Leaf.of(kind, int(time.time() * 1000), body)
            tree.append(leaf.hash)
            made.append(pages.Kept(leaf=leaf.to_bytes(), body=body))
        note = self.note(tree)
        self.changes["page"] = lambda _register, at: pages.Page(start=at, entries=made[at:], checkpoint=note)
        self.changes["consistency"] = lambda _register, old, new: tree.consistency_proof(old, new)
        self._made = dict(enumerate(made))
        return tree


@pytest.fixture
def house(tmp_path):
    with House(tmp_path) as opened:
        yield opened


def assert_convicted(desk):
    """Evidence is kept, a stranger's `verify` reads it with nothing beside it, and the desk has stopped."""
    (file,) = (desk.storage.folder / "evidence").glob("*.fork")
    keys = desk.common.ledger.keys
    assert verify_any(file.read_bytes()).valid
    assert verify_any(file.read_bytes(), Beside(anchors=Anchors(hosts=(keys,)))).trust == "established"
    with pytest.raises(LocalError) as refused:
        say(desk)
    assert refused.value.code == "desk-stopped"


def test_what_the_venue_keeps_has_none_of_the_words(house):
    upper, lower = house.desks
    done = say(upper, f"The {CANARY} clause stands.")
    lower.sync()
    assert done.verdict.status == "valid"
    kept = b"".join(path.read_bytes() for path in house.venue.folder.path.rglob("*") if path.is_file())
    assert len(kept) > 10_000
    for words in (CANARY, "Upper Basin", "Head 0", "Head of delegation", "plenary"):
        for form in (words.encode(), words.encode("utf-16-le"), words.encode().hex().encode()):
            assert form not in kept


def test_two_sets_of_keys_give_two_numbers(tmp_path):
    """The host offers each party other talks and would stand between: the numbers differ."""
    with House(tmp_path, ready=False) as house:
        offered = offer(house.venue.folder, parties=2, out=tmp_path / "second", url=house.venue.url)
        names = iter(("Upper Basin", "Lower Basin"))
        between = [
            Desk.create(
                tmp_path / f"between{number}",
                PASSPHRASE,
                file.read_bytes(),
                delegation=next(names),
                member="Head",
                capacity="Head",
            )
            for number, file in enumerate(offered.files)
        ]
        house.desks += between
        for _ in range(2):
            for desk in house.desks:
                desk.sync()
        upper, lower = house.desks[0], between[1]
        assert people.number(upper) != people.number(lower)
        with pytest.raises(LocalError) as refused:
            people.confirm(upper, people.number(lower), house.root(upper))
        assert refused.value.code == "number-does-not-match"
        assert not upper.confirmed


def test_a_page_that_is_not_under_the_signature_is_not_taken(house):
    upper, _ = house.desks
    liar, before = Liar(house, upper), upper.common.ledger.size
    liar.serve([b"made up"])
    page = liar.changes["page"]

    def unsigned(register, at):
        true = page(register, at)
        leaf = Leaf.of(Kind.ENVELOPE, 1, b"another")
        return pages.Page(
            start=true.start,
            entries=[pages.Kept(leaf=leaf.to_bytes(), body=b"another")],
            checkpoint=true.checkpoint,
        )

    liar.changes["page"] = unsigned
    with pytest.raises(RemoteError):
        upper.receive()
    assert upper.common.ledger.size == before


def test_an_entry_with_another_body_is_not_taken(house):
    upper, lower = house.desks
    say(upper)
    liar, before = Liar(house, lower), lower.common.ledger.size

    def altered(register, at):
        true = liar._true.page(register, at)
        entries = [pages.Kept(leaf=one.leaf, body=(one.body or b"") + b"!") for one in true.entries]
        return pages.Page(start=true.start, entries=entries, checkpoint=true.checkpoint)

    liar.changes["page"] = altered
    with pytest.raises(RemoteError) as refused:
        lower.receive()
    assert refused.value.code == "body-mismatch"
    assert lower.common.ledger.size == before


def test_a_receipt_for_something_else_does_not_count(house):
    """The act stays in the outbox: what was not receipted is not delivered."""
    upper, _ = house.desks
    liar = Liar(house, upper)

    def elsewhere(_register, _entries):
        tree = liar.tree()
        leaf = Leaf.of(Kind.ENVELOPE, 1, b"another")
        tree.append(leaf.hash)
        receipt = pages.Receipt(
            index=tree.size - 1, leaf=leaf.to_bytes(), proof=tree.inclusion_proof(tree.size - 1, tree.size)
        )
        return pages.Receipts(checkpoint=liar.note(tree), receipts=[receipt])

    liar.changes["append"] = elsewhere
    with pytest.raises(RemoteError):
        say(upper)
    assert len(upper.storage.outbox()) == 1
    liar.honest()
    upper.sync()
    assert upper.storage.outbox() == []


def test_a_host_that_refuses_is_noticed_by_the_author(house):
    upper, _ = house.desks
    liar = Liar(house, upper)

    def refuse(_register, _entries):
        raise OperationalError("venue-refused", url="", status=503, why="no")

    liar.changes["append"] = refuse
    with pytest.raises(OperationalError):
        say(upper)
    assert len(upper.storage.outbox()) == 1


def test_an_entry_denied_after_its_receipt_convicts(house):
    upper, _ = house.desks
    liar = Liar(house, upper)
    upper.write("plenary", StatementMade(text="Receipted.", language="en"))
    upper.send()
    liar.serve([b"in its place", b"and on"])
    with pytest.raises(EquivocationError):
        upper.receive()
    assert_convicted(upper)


def test_a_shorter_history_with_another_root_convicts(house):
    upper, _ = house.desks
    say(upper)
    liar = Liar(house, upper)
    liar.serve([b"another past"], tree=liar.tree(upper.common.ledger.size - 3))
    with pytest.raises(EquivocationError):
        upper.receive()
    assert_convicted(upper)


def test_an_older_history_is_behind_and_nothing_is_taken(house):
    upper, _ = house.desks
    say(upper)
    liar, size = Liar(house, upper), upper.common.ledger.size
    liar.serve([], tree=liar.tree(size - 2))
    with pytest.raises(OperationalError) as refused:
        upper.receive()
    assert refused.value.code == "venue-behind"
    assert upper.common.ledger.size == size


def test_two_histories_of_one_size_convict(house):
    """One desk was shown one history, and is then shown the other's: both notes are the host's."""
    upper, lower = house.desks
    liar = Liar(house, lower)
    liar.serve([b"only for the lower basin"])
    lower.receive()
    say(upper)
    assert upper.common.ledger.size == lower.common.ledger.size
    liar.honest()
    with pytest.raises(EquivocationError):
        lower.receive()
    assert_convicted(lower)


def test_two_histories_convict_when_an_act_quotes_the_other(house):
    """The host grafts the other side's act into the history that it made up: what its author saw gives it away."""
    upper, lower = house.desks
    liar = Liar(house, lower)
    tree = liar.serve([b"only for the lower basin"])
    lower.receive()
    first, second = say(upper, "One."), say(upper, "Two.")
    acts = [upper.common.kept(done.verdict.index).body for done in (first, second)]
    liar.serve(acts, tree=tree)
    with pytest.raises(EquivocationError):
        lower.receive()
    assert_convicted(lower)


def test_a_register_that_begins_with_another_genesis_is_refused(tmp_path):
    with House(tmp_path, ready=False) as house:
        invitations = sorted((tmp_path / "invitations").iterdir())
        fresh = Desk.create(
            tmp_path / "fresh",
            PASSPHRASE,
            invitations[0].read_bytes(),
            delegation="A",
            member="B",
            capacity="C",
        )
        house.desks.append(fresh)
        liar = Liar(house, fresh)
        liar.serve([b"no genesis"], kind=Kind.GENESIS)
        with pytest.raises(RemoteError) as refused:
            list(fresh.common.ledger.fetch())
        assert refused.value.code == "genesis-differs"
        assert fresh.common.ledger.size == 0


def test_an_act_in_two_places_counts_once(house):
    upper, lower = house.desks
    done = say(upper)
    lower.sync()
    body = upper.common.kept(done.verdict.index).body
    liar = Liar(house, lower)
    liar.serve([body])
    (verdict,) = lower.receive()
    assert (verdict.status, verdict.code) == ("void", "chain-broken")


def test_an_act_carried_to_other_talks_is_nobodys(tmp_path, house):
    """An envelope of other talks opens under no secret of these."""
    _, lower = house.desks
    with House(tmp_path / "other") as other:
        done = say(other.desks[0])
        body = other.desks[0].common.kept(done.verdict.index).body
    liar = Liar(house, lower)
    liar.serve([body])
    (verdict,) = lower.receive()
    assert verdict.status != "valid"
    assert [line.act for line in lower.common.lines(lower.common.ledger.size - 1)] == [None]


def test_an_introduction_that_the_host_makes_up_is_nothing(house):
    upper, _ = house.desks
    line = next(one for one in upper.common.introductions())
    forged = pack(
        type(line)(
            **{**{f: getattr(line, f) for f in line.__struct_fields__}, "possession": bytes(64 + 3309)}
        )
    )
    liar = Liar(house, upper)
    liar.serve([forged], kind=Kind.INTRODUCTION)
    (verdict,) = upper.receive()
    assert verdict.status == "void"
