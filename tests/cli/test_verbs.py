"""Verb by verb: what each does to the talks, and how each is refused, in words that say what to do."""

from pathlib import Path

import pytest
from tests.support.house import PASSPHRASE, House
from tests.support.seats import Seat, seats, verb

from good_offices.desk.desk import Desk
from good_offices.seals.keyring import open_keyring

DRAFT = """# Waters

1. The Parties [shall][should] share.

2. The term is [180 or 240] days.
"""


@pytest.fixture
def table(tmp_path):
    """Two delegations with a text on the table; each step goes on from the state that the one before it left."""
    path = tmp_path / "house"
    path.mkdir()
    with House(path) as house:
        upper, lower = seats(house)
        (path / "draft.md").write_text(DRAFT)
        upper.do("text", "table", path / "draft.md", "--id", "waters")
        lower.do("desk", "sync")
        yield upper, lower


def both(first, second, *words):
    first.do(*words)
    second.do("desk", "sync")
    answer = second.do(*words)
    first.do("desk", "sync")
    return answer


def code(answer):
    return answer.error.splitlines()[0]


def unit(seat, name):
    return seat.do("text", "show", name)["units"][0]


def a_settlement_is_shown_before_it_is_accepted(table, _path):
    upper, lower = table
    done = upper.do("text", "settle", "s1=1")
    assert done["complete"] is False
    assert "proposed: to settle the brackets in 1.; accepted by Upper Basin" in upper("act", "pending").out
    lower.do("desk", "sync")
    (waits,) = lower.do("act", "pending")["joint"]
    assert (waits["index"], waits["ours"]) == (done["index"], False)
    (change,) = lower.do("act", "show", done["index"])["changes"]
    assert change["now"] == "The Parties [shall][should] share."
    assert change["then"] == "The Parties shall share."
    shown = lower("act", "show", done["index"]).out
    assert "then  The Parties shall share." in shown
    assert "\n  1.  en\n" in shown
    assert lower.do("text", "accept", done["index"])["complete"] is True
    upper.do("desk", "sync")
    assert unit(upper, "1")["texts"]["en"] == "The Parties shall share."


def an_acceptance_can_be_taken_back(table, _path):
    upper, _ = table
    done = upper.do("text", "settle", "s2=omit")
    assert upper.do("act", "withdraw-acceptance", done["index"])["status"] == "valid"
    assert upper.do("act", "pending")["joint"] == []


def brackets_keep_their_names_when_others_are_placed(table, _path):
    upper, _ = table
    upper.do("text", "bracket", "2", "--in", "en", "The term [is [180 or 240][365] days].")
    assert "\n2.  (open)\n" in upper("text", "show").out
    assert "\n2.  (u3, open)\n" in upper("text", "show", "--ids").out
    shown = unit(upper, "2")
    assert shown["texts"]["en"] == "The term [is [180 or 240][365] days]."
    assert {one["slot"]: one["variants"] for one in shown["slots"]} == {"u3.1": 1, "s2": 2}
    assert "would change its words" in code(
        upper.refused("text", "bracket", "2", "--in", "en", "The term [was] short.")
    )
    assert "has no text in ru" in code(upper.refused("text", "bracket", "2", "--in", "ru", "Срок"))


def two_variants_inside_a_provision_are_never_joined(table, _path):
    upper, _ = table
    assert "nobody wrote" in code(upper.refused("text", "settle", "s2=1,2"))
    assert "no variant 3" in code(upper.refused("text", "settle", "s2=3"))
    assert "no bracket zz" in code(upper.refused("text", "settle", "zz=1"))
    assert "cannot be read" in code(upper.refused("text", "settle", "s2"))


def stances_and_proposals(table, _path):
    upper, lower = table
    lower.do("desk", "sync")
    lower.do(
        "text", "stance", "2", "reserves", "--slot", "s2", "--variant", "2", "--condition", "until we hear"
    )
    assert "no variant 9" in code(
        lower.refused("text", "stance", "2", "supports", "--slot", "s2", "--variant", "9")
    )
    lower.do("text", "propose", "2", "--in", "en", "The term is 210 days.", "--id", "p1")
    assert "changes nothing" in code(
        lower.refused("text", "propose", "1", "--in", "en", "The Parties shall share.")
    )
    assert "position 2" in code(lower.refused("text", "propose", "2", "--in", "en", "x]"))
    upper.do("desk", "sync")
    shown = unit(upper, "2")
    assert shown["stances"][0]["variant"] == 2
    assert shown["proposals"][0]["texts"] == {"en": "The term is 210 days."}
    assert "made by another party" in code(upper.refused("text", "withdraw", "p1"))
    lower.do("text", "withdraw", "p1")
    upper.do("desk", "sync")
    assert "is withdrawn" in code(upper.refused("text", "accept", "p1"))
    assert "nothing pending" in code(upper.refused("text", "accept", "p9"))


def units_are_added_moved_relabelled_and_removed(table, _path):
    upper, lower = table
    new = ("--in", "en", "New [words].", "--after", "2", "--label", "3", "--id", "n1")
    assert both(upper, lower, "text", "add", *new)["complete"]
    assert both(upper, lower, "text", "relabel", "n1", "2 bis")["complete"]
    assert both(upper, lower, "text", "move", "2 bis", "--after", "u1")["complete"]
    assert [one["label"] for one in upper.do("text", "show")["units"]] == ["", "2 bis", "1.", "2."]
    assert both(upper, lower, "text", "remove", "2 bis")["complete"]
    assert "no provision n1" in code(upper.refused("text", "remove", "n1"))


def a_language_is_set_from_a_whole_draft(table, tmp_path):
    upper, lower = table
    (tmp_path / "ru.md").write_text(
        "# Воды\n\n1. Стороны делят.\n\n2. Срок [составляет [180 или 240][365] дней].\n"
    )
    assert both(upper, lower, "text", "language", "ru", "--file", tmp_path / "ru.md")["complete"]
    assert set(unit(upper, "2")["texts"]) == {"en", "ru"}
    (tmp_path / "short.md").write_text("# Воды\n")
    assert "laid out" in code(upper.refused("text", "language", "ru", "--file", tmp_path / "short.md"))


def the_ladder_and_its_refusals(table, _path):
    upper, lower = table
    assert "brackets" in code(upper.refused("text", "agree", "2"))
    assert "is open" in code(upper.refused("text", "lock", "1"))
    assert "no provision is ready" in code(upper.refused("text", "lock", "--all"))
    assert both(upper, lower, "text", "agree", "1", "--ad-referendum")["complete"]
    upper.do("text", "confirm", "--all")
    lower.do("desk", "sync")
    lower.do("text", "confirm", "1")
    upper.do("desk", "sync")
    assert both(upper, lower, "text", "lock", "1")["complete"]
    assert (
        unit(upper, "1")["locked_by"] == ["Lower Basin", "Upper Basin"]
        or len(unit(upper, "1")["locked_by"]) == 2
    )
    assert "is locked" in code(upper.refused("text", "propose", "1", "--in", "en", "No."))
    assert both(upper, lower, "text", "reopen", "1")["complete"]
    assert "not locked" in code(upper.refused("text", "adopt"))


def export_names_what_this_release_writes(table, tmp_path):
    upper, _ = table
    assert "cannot write the form docx" in code(
        upper.refused("text", "export", tmp_path / "a", "--format", "docx")
    )
    assert "still has" in code(upper.refused("text", "export", tmp_path / "a", "--final"))
    upper.do("text", "export", tmp_path / "a.txt", "--format", "txt")
    assert "The Parties shall share." in (tmp_path / "a.txt").read_text()


def the_course_and_what_passes_a_break(table, _path):
    upper, lower = table
    upper.do("course", "break-off", "Enough for now.")
    assert "broken off" in code(upper.refused("statement", "make", "x"))
    upper.do("note", "pass", "There is shooting at the bridge.", "--urgent")
    upper.do("incident", "notify", "Shots.", "--place", "the bridge")
    lower.do("desk", "sync")
    assert lower.do("course", "show")["by"] == "Upper Basin"
    assert "the talks are broken off: Enough for now." in lower("record", "show").out
    assert both(upper, lower, "course", "resume")["complete"]
    assert "running" in code(upper.refused("course", "resume"))
    assert "time cannot be read" in code(upper.refused("course", "adjourn", "--until", "soon"))


def what_is_said_filed_and_instructed(table, tmp_path):
    upper, lower = table
    (tmp_path / "words").write_text("From a file.\n")
    done = upper.do("statement", "make", "--file", tmp_path / "words")
    upper.do("annex", "file", tmp_path / "words", "--title", "A map")
    upper.do(
        "public",
        "record",
        "We will come.",
        "--speaker",
        "A leader",
        "--date",
        "1 May",
        "--medium",
        "radio",
        "--reported-by",
        "an agency",
    )
    asked = upper.do("instructions", "ask", "May we accept 210?", "--about", done["index"])
    upper.do("instructions", "give", "Hold at 240.", "--to", asked["index"])
    lower.do("desk", "sync")
    assert lower.do("record", "show", "--room", "caucus", "--from", 3)["entries"] == []
    words = [one["words"] for one in lower.do("record", "show", "--from", done["index"])["entries"]]
    assert words[:2] == ["statement: From a file.", "annex filed: A map, 13 bytes"]
    assert "words are given twice" in code(
        upper.refused("statement", "make", "x", "--file", tmp_path / "words")
    )
    assert "there is no entry 4000" in code(upper.refused("statement", "make", "x", "--to", "4000"))


def a_member_is_invited_admitted_and_recalled(table, tmp_path):
    upper, _ = table
    handover = tmp_path / "handover"
    upper.do("desk", "invite", handover, "--name", "Cara", "--capacity", "Adviser", "--power", "speak")
    assert Path(handover).stat().st_mode & 0o777 == 0o600
    assert "already exists" in code(
        upper.refused("desk", "invite", handover, "--name", "D", "--capacity", "E")
    )
    assert "has not shown its keys" in code(upper.refused("desk", "admit"))
    passphrase = upper.session.passphrase_file
    folder = tmp_path / "cara"
    opened = verb(
        "desk", "open", "--desk", folder, "--invitation", handover, "--passphrase-file", passphrase, "--json"
    )
    assert opened.json["first"] is False
    cara = Seat(Desk.open(folder, PASSPHRASE), passphrase)
    cara.do("desk", "sync")
    upper.do("desk", "sync")
    admitted = upper.do("desk", "admit", "Cara")
    assert [one["status"] for one in (*admitted["before"], admitted)] == ["valid"] * (
        len(admitted["before"]) + 1
    )
    cara.do("desk", "sync")
    assert cara.do("statement", "make", "I am new here.")["status"] == "valid"
    assert "Cara, Adviser (Upper Basin; experts; powers: speak)" in cara("desk", "status").out
    assert "no power to" in code(cara.refused("course", "conclude"))
    upper.do("desk", "sync")
    upper.do("desk", "recall", "Cara")
    assert cara("desk", "sync").status in (6, 7)
    cara.desk.close()
    assert [one["recalled"] for one in upper.do("desk", "status")["members"] if one["name"] == "Cara"] == [
        True
    ]


def the_number_must_match(table, _path):
    upper, _ = table
    assert "not the number" in code(upper.refused("desk", "confirm", "--number", "1 2 3"))
    assert "it was not said" in code(upper.refused("desk", "confirm"))
    number = upper.do("desk", "compare")["number"]
    assert upper("desk", "confirm", "--number", number.replace(" ", "")).status == 0
    assert upper("desk", "confirm", "--matches", "--number", number).status == 2


def new_keys_on_suspicion(table, _path):
    upper, lower = table
    before = {name: room["epoch"] for name, room in upper.do("desk", "status")["rooms"].items()}
    answer = upper.do("desk", "new-epoch", "--room", "plenary")
    assert answer["status"] == "valid"
    assert "before" not in answer
    # All rooms but the last one begun; the sounding room is not among those that the status shows.
    assert len(upper.do("desk", "new-epoch")["before"]) == len(before)
    after = {name: room["epoch"] for name, room in upper.do("desk", "status")["rooms"].items()}
    assert after == {name: number + 1 + (name == "plenary") for name, number in before.items()}
    lower.do("desk", "sync")
    assert lower.do("desk", "status")["rooms"]["plenary"]["open"]


def words_that_the_eye_would_not_see_never_leave(table, _path):
    upper, _ = table
    size = upper.do("desk", "status")["registers"]["common"]["entries"]
    refused = upper.refused("statement", "make", "in fa\u202evour")
    assert "the text of an act has a character that is not allowed at position 6" in code(refused)
    assert upper.do("desk", "status")["registers"]["common"]["entries"] == size


def kits_and_passphrases(table, tmp_path):
    upper, _ = table
    kit = upper.desk.storage.folder / "root.kit"
    assert len(upper.do("desk", "kit", "check", kit)["fingerprint"]) == 64
    typed = tmp_path / "typed"
    typed.write_text(kit.read_text().replace("A", "B", 1))
    assert upper.refused("desk", "kit", "check", typed)
    upper.do("desk", "succeed", "--new-kit", tmp_path / "next.kit")
    assert (tmp_path / "next.kit").stat().st_mode & 0o777 == 0o600
    (tmp_path / "new").write_text("another passphrase\n")
    upper.do("desk", "passphrase", "change", "--new-passphrase-file", tmp_path / "new")
    keyring = (upper.desk.storage.folder / "keyring").read_bytes()
    open_keyring(keyring, "another passphrase", what="the desk")


def full_powers_are_shown_before_they_are_found(table, path):
    upper, lower = table
    (path / "powers.txt").write_text("full powers")
    first = lower.do("outcome", "powers", "produce", "--document", path / "powers.txt")
    upper.do("desk", "sync")
    found = upper("outcome", "powers", "find").out.splitlines()
    assert found[0].startswith(f"full powers at entry {first['index']}: ")
    assert "for Lower Basin; document sha256 " in found[0]
    assert found[1].endswith("plenary (read by all delegations): it stands.")
    lower.do("desk", "sync")
    second = lower.do("outcome", "powers", "produce", "--ex-officio", "--text", "by office")
    third = lower.do("outcome", "powers", "produce", "--ex-officio")
    upper.do("desk", "sync")
    refused = code(upper.refused("outcome", "powers", "find"))
    assert all(f"entry {one['index']}: " in refused for one in (second, third))
    shown = upper("outcome", "show").out
    assert "ex officio, “by office”" in shown
    assert "others produce a document" in shown
    assert "found in order by Upper Basin" in shown
    assert "found in order by Upper Basin" in upper("record", "show", "--room", "plenary").out
    lower.do("desk", "sync")


STEPS = (
    a_settlement_is_shown_before_it_is_accepted,
    an_acceptance_can_be_taken_back,
    brackets_keep_their_names_when_others_are_placed,
    two_variants_inside_a_provision_are_never_joined,
    stances_and_proposals,
    units_are_added_moved_relabelled_and_removed,
    a_language_is_set_from_a_whole_draft,
    the_ladder_and_its_refusals,
    export_names_what_this_release_writes,
    the_course_and_what_passes_a_break,
    what_is_said_filed_and_instructed,
    a_member_is_invited_admitted_and_recalled,
    full_powers_are_shown_before_they_are_found,
    the_number_must_match,
    words_that_the_eye_would_not_see_never_leave,
    new_keys_on_suspicion,
    kits_and_passphrases,
)


def test_every_verb_in_turn(table, tmp_path):
    for step in STEPS:
        folder = tmp_path / step.__name__
        folder.mkdir()
        step(table, folder)
