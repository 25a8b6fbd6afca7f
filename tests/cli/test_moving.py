"""Going on with another host as people type it: the card, the acceptances, the files, the move; and other rules."""

from tests.support.house import House, Venue
from tests.support.seats import seats, verb


def test_from_the_card_to_the_new_host(tmp_path):
    with House(tmp_path) as house, Venue(tmp_path / "other") as other:
        upper, lower = seats(house)
        there = ("--venue", tmp_path / "other")
        made = verb("venue", "card", *there, tmp_path / "card", "--url", other.url, "--json").json
        assert made["address"] == other.url
        again = verb("venue", "card", *there, tmp_path / "card")
        assert again.status != 0
        bad = upper.refused("course", "move", tmp_path / "invitations" / "invitation-1.goodoffices")
        assert "not the card of a venue" in bad.error
        assert "where the talks are" in upper("desk", "move").out
        assert "have not named another host" in upper.refused("desk", "move", "--file", tmp_path / "x").error
        done = upper.do("course", "move", tmp_path / "card")
        assert done["complete"] is False
        lower.do("desk", "sync")
        (waits,) = lower.do("act", "pending")["joint"]
        assert waits["what"] == f"proposed: to move the talks to another host, {other.url}"
        shown = lower("act", "show", done["index"]).out
        grouped = " ".join(made["host"][at : at + 4] for at in range(0, 64, 4))
        assert grouped in shown
        upper.do("act", "withdraw-acceptance", done["index"])
        done = upper.do("course", "move", tmp_path / "card")
        lower.do("desk", "sync")
        assert lower.do("act", "accept", done["index"])["complete"] is True
        assert "the talks have moved" in lower.refused("statement", "make", "Too soon.").error
        assert "does not have the register" in upper.refused("desk", "sync").error
        for seat in (upper, lower):
            file = tmp_path / f"{seat.desk.identity.place.delegation[:4]}.goregister"
            seat.do("desk", "move", "--file", file)
            assert file.stat().st_mode & 0o777 == 0o600
            taken = verb("venue", "take-over", *there, file, "--json").json
            assert taken["desks"] == 1
        told = upper.do("desk", "move")
        assert (told["moved"], told["repeated"]) == (True, 0)
        assert [one["number"] for one in told["hosts"]][-1] == made["host"]
        lower.do("desk", "sync")
        assert upper.do("statement", "make", "We go on.")["status"] == "valid"
        assert "where the talks are" in lower("desk", "move").out
        assert "does not know version 2" in upper.refused("course", "rules", "2").error
        assert "does not come after" in upper.refused("course", "rules", "1").error
