"""`goodoffices guest`: brought by one delegation, invited by all, ended by one, as people type it."""

from tests.support.guests import bring
from tests.support.house import House
from tests.support.seats import seats


def settled(table):
    for _ in range(2):
        for seat in table:
            seat.do("desk", "sync")


def test_a_guest_from_the_file_to_the_withdrawal(tmp_path):
    with House(tmp_path) as house:
        bring(house, house.desks[0])
        upper, lower, anna = table = seats(house)
        made = upper.do("guest", "bring", str(tmp_path / "ben.goodoffices"), "--name", "Ben L.")
        assert made["name"] == "Ben L."
        assert (tmp_path / "ben.goodoffices").stat().st_mode & 0o777 == 0o600
        assert "its desk is admitted; nobody has invited it" in upper("guest", "list").out
        (told,) = lower.do("guest", "list")["guests"]
        assert (told["standing"], told["reads"], told["name"]) == ("admitted", [], "")
        assert anna.do("guest", "list")["guests"] == []  # it reads nothing, not even who it is
        bad = upper.refused("guest", "propose", "Anna K.", "--role", "adviser", "--room", "Borders")
        assert "no group is named so" in bad.error
        upper.do("statement", "make", "Before anybody came.")
        done = upper.do("guest", "propose", "Anna K.", "--role", "interpreter", "--provided-by", "host")
        assert done["complete"] is False
        lower.do("desk", "sync")
        (waits,) = lower.do("act", "pending")["joint"]
        assert waits["what"] == "proposed: to invite Anna K. as a guest, interpreter"
        assert waits["room"] == "roster"
        shown = lower("act", "show", done["index"]).out
        assert "Anna K." in shown
        assert lower.do("act", "accept", done["index"])["complete"] is True
        settled(table)
        (told,) = lower.do("guest", "list")["guests"]
        assert (told["standing"], told["reads"]) == ("invited", ["Roster", "Plenary"])
        assert "Interpreter, provided by the host: invited by all" in lower("guest", "list").out
        assert "Before anybody came." in anna("record", "show").out
        assert "says nothing" in anna.refused("statement", "make", "I think").error
        # Invited twice, on the same terms; then ended by the other side alone.
        again = lower.refused("guest", "propose", "Anna K.", "--role", "interpreter", "--provided-by", "host")
        assert "invited already" in again.error
        assert lower.do("guest", "withdraw", "Anna K.")["status"] == "valid"
        settled(table)
        assert "no longer invited" in upper("guest", "list").out
        upper.do("statement", "make", "After the guest had gone.")
        settled(table)
        assert "After the guest had gone." not in anna("record", "show").out
        assert "not invited, or no longer" in upper.refused("guest", "withdraw", "Anna K.").error
        # What is proposed falls when one delegation takes its acceptance back.
        done = upper.do("guest", "propose", "Anna K.", "--role", "adviser")
        assert upper.do("act", "withdraw-acceptance", done["index"])["status"] == "valid"
        settled(table)
        assert lower.do("act", "pending")["joint"] == []
