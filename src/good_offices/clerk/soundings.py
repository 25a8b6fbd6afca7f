"""Soundings as a screen and a terminal show them: what is sounded, how far each run is, and what was found.

This module decides the words and the order. It computes nothing of a run and never tells anybody else's marks: it has none.

1. Soundings are called S1, S2... in the order in which they began, at every desk alike; those of standing lists too.
2. Runs of one list stand together, and all lists about one matter: who words a list anew shows that he does.
3. Marks are shown on the sheet of the desk that holds them and nowhere else; no view counts them.
4. That nothing matched has one wording and one shape, whatever was marked here. Of packages that ended in the middle it is not
   said, for not all were looked at: without a match they ended without a result.
5. Of a standing list the runs that have begun are shown, and the next one; `later` says how many follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from good_offices.clerk import names
from good_offices.desk.desk import Desk
from good_offices.desk.soundings import figures as openings
from good_offices.desk.soundings import marks
from good_offices.desk.soundings.record import Runs, has_result
from good_offices.errors import LocalError
from good_offices.locale import N_, _, language
from good_offices.soundings.context import About, Kind
from good_offices.soundings.course import Found
from good_offices.talks.events_sounding import SoundingRepeated
from good_offices.talks.sounding_boxes import held_back
from good_offices.talks.soundings import Sounding, answering

ABOUT: Final[Mapping[About, str]] = {
    "level": N_("Level of a meeting"),
    "date": N_("Dates"),
    "place": N_("Places"),
    "host": N_("Hosts"),
    "format": N_("Formats"),
    "item": N_("Items of the agenda"),
    "provision": N_("Provisions"),
    "package": N_("Packages"),
    "figure": N_("Figures"),
    "other": N_("Other matters"),
}
KINDS: Final[Mapping[Kind, str]] = {
    "options": N_("options: everything that all accept is found"),
    "packages": N_("packages: looked through in parts, in an order of chance, up to the first match"),
    "range": N_("ranges: whether they overlap, and nothing else"),
}
STANDING: Final = {
    "open": N_("marks are open"),
    "fixed": N_("marks are fixed; the answers begin"),
    "answers": N_("answers under way"),
    "again": N_("attempt {attempt}: the one before ended without a result"),
    "found": N_("ended: the result is there"),
    "void": N_("ended without a result after {attempt} attempts"),
    "over": N_("over: not all have answered in time"),
    "broken": N_("stopped here: a message of another delegation does not hold"),
}
HELD_BACK: Final = N_("over: all have committed to a box, and the host has neither opened nor ended it")
MARKS: Final = {
    "untouched": N_("untouched: no to everything"),
    "kept": N_("kept at this desk, not sealed: as long as they are not, they answer nothing"),
    "sealed": N_("sealed"),
}
ANSWERS: Final = {
    "duty": N_("the duty desk of your delegation"),
    "this": N_("this desk"),
    "other": N_("another desk of your delegation"),
    "nobody": N_("nobody yet: there is no duty desk, and nobody has sealed marks"),
}
FIGURES: Final = {
    "none": N_("Nobody has offered to open the figures."),
    "ours": N_("You have offered to open the figures; the other side sees it and has not done the same."),
    "theirs": N_(
        "The other side offers to open the figures. They are opened if you do the same, both or none."
    ),
    "both": N_("Both have offered to open the figures; the host opens them."),
    "open": N_("Both have opened their figures. Nothing proves them equal to what was sounded."),
    "void": N_("The figures were not opened in time, and nobody has learned the other's."),
}


def words(said: Mapping[str, str], *languages: str) -> str:
    """Return what is said in the first of these languages it has, else in the reader's, else in the first it has."""
    return next((said[one] for one in (*languages, language()) if one in said), next(iter(said.values()), ""))


def ordered(desk: Desk) -> list[Sounding]:
    """Return all soundings in the order in which they began (rule 1)."""
    return sorted(desk.talks.sounding.every(), key=lambda one: (one.index, one.closes, one.id))


def named(desk: Desk, word: str) -> Sounding:
    """Return the sounding that a word names: its short name, or the beginning of its id.

    Raises:
        LocalError: `sounding-unknown`.
    """
    known = ordered(desk)
    if word[:1] in "Ss" and names.is_number(word[1:]):
        at = int(word[1:]) - 1
        if 0 <= at < len(known):
            return known[at]
        raise LocalError("sounding-unknown")
    name = names.key(word, [one.id.hex() for one in known], "sounding-unknown")
    return next(one for one in known if one.id.hex() == name)


def short_name(desk: Desk, sounding: Sounding) -> str:
    """Return the short name of a sounding (rule 1)."""
    return next(f"S{at}" for at, one in enumerate(ordered(desk), 1) if one.id == sounding.id)


def rows(desk: Desk, now: int, *languages: str) -> list[dict[str, Any]]:
    """Return all soundings by what they are about: `about`, `called`, `lists` of `list`, `subject`, `kind`, `later`, `runs`.

    A run is as `row` returns it; `now` in milliseconds (rules 2 and 5).
    """
    groups: dict[str, dict[bytes, list[tuple[str, Sounding]]]] = {}
    for at, one in enumerate(ordered(desk), 1):
        about = desk.talks.sounding.listed(one).about
        groups.setdefault(about, {}).setdefault(one.list_hash, []).append((f"S{at}", one))
    return [
        {
            "about": about,
            "called": _(ABOUT[about]),
            "lists": [_list(desk, runs, now, languages) for runs in groups[about].values()],
        }
        for about in ABOUT
        if about in groups
    ]


def _list(
    desk: Desk, runs: Sequence[tuple[str, Sounding]], now: int, languages: Sequence[str]
) -> dict[str, Any]:
    """Return a list with its runs (rule 5)."""
    listed = desk.talks.sounding.listed(runs[0][1])
    later = [one for _name, one in runs if one.begun == "standing" and one.closes > now][1:]
    hidden = {one.id for one in later}
    return {
        "list": listed.hash.hex(),
        "subject": words(listed.subject, *languages),
        "kind": listed.kind,
        "size": listed.size,
        "later": len(later),
        "runs": [_row(desk, name, one, now, languages) for name, one in runs if one.id not in hidden],
    }


def row(desk: Desk, sounding: Sounding, now: int, *languages: str) -> dict[str, Any]:
    """Return one sounding for people.

    `name`, `id`, `list`, `subject`, `about` and `about_words`, `kind` and `kind_words`, `size`; `begun` in words, `by` (a name or
    empty), `index`; `closes_ms`, `until_ms`, `pace_ms`; `standing` (a key of `STANDING`) and `standing_words`; `attempt` from 1;
    `step` of `steps`; `answers` (a key of `ANSWERS`) and `answers_words`; `marks` (a key of `MARKS`) and `marks_words`;
    `at_hand`: whether the result needs no more computing; `broken`: what did not hold; `repeats`: as `repeats` returns.
    """
    return _row(desk, short_name(desk, sounding), sounding, now, languages)


def _row(desk: Desk, name: str, one: Sounding, now: int, languages: Sequence[str]) -> dict[str, Any]:
    """Return one sounding under its name."""
    listed = desk.talks.sounding.listed(one)
    standing, answers = standing_of(desk, one, now), who_answers(desk, one)
    state = marks.standing(desk, one)
    by = names.delegations(desk).get(one.sponsor, one.sponsor)
    return {
        "name": name,
        "id": one.id.hex(),
        "list": one.list_hash.hex(),
        "subject": words(listed.subject, *languages),
        "about": listed.about,
        "about_words": _(ABOUT[listed.about]),
        "kind": one.kind,
        "kind_words": _(KINDS[one.kind]),
        "size": one.size,
        "begun": _begun(one, by),
        "by": by,
        "index": one.index,
        "closes_ms": one.closes,
        "until_ms": one.until,
        "pace_ms": one.pace,
        "standing": standing,
        "standing_words": _standing_words(desk, one, standing),
        "attempt": one.attempt + 1,
        "step": _step(one),
        "steps": len(one.course) + one.boxes,
        "answers": answers,
        "answers_words": _(ANSWERS[answers]),
        "marks": state,
        "marks_words": _(MARKS[state]),
        "at_hand": has_result(one) and Runs(desk).is_found(one),
        "broken": broken(desk, one),
        "repeats": repeats(desk, one),
    }


def standing_of(desk: Desk, sounding: Sounding, now: int) -> str:
    """Return how a sounding stands at a time (ms): a key of `STANDING`."""
    ended = {"opened": "found", "void": "void", "over": "over"}.get(sounding.standing(now))
    if ended:
        return "found" if ended == "void" and _was_found(desk, sounding) else ended
    if desk.storage.get(f"sounding-broken/{sounding.id.hex()}/{sounding.attempt}") is not None:
        return "broken"
    if now < sounding.closes:
        return "open"
    if sounding.attempt:
        return "again"
    return "answers" if sounding.attempts[-1].answers else "fixed"


def _standing_words(desk: Desk, sounding: Sounding, standing: str) -> str:
    """Return how a sounding stands, in words; of one that is over, whether the host is why."""
    if standing == "over" and held_back(desk.talks.sounding, sounding):
        return _(HELD_BACK)
    return _(STANDING[standing]).format(attempt=sounding.attempt + 1)


def _was_found(desk: Desk, sounding: Sounding) -> bool:
    """Tell whether a run that ended void has found something, or may have as far as it has been computed (rule 4)."""
    runs = Runs(desk)
    found = runs.found(sounding) if runs.is_found(sounding) else None
    return has_result(sounding) and (found is None or bool(found.mutual))


def who_answers(desk: Desk, sounding: Sounding) -> str:
    """Return who answers for this delegation: a key of `ANSWERS`."""
    own, roster = desk.identity.place.delegation, desk.talks.roster
    only = answering(roster, sounding, own, desk.common.ledger.size)
    if only is not None:
        if only == desk.certificate:
            return "this"
        return "duty" if only == roster.duty_desk(own, desk.common.ledger.size) else "other"
    return "this" if marks.standing(desk, sounding) == "sealed" else "nobody"


def repeats(desk: Desk, sounding: Sounding) -> list[dict[str, Any]]:
    """Return who wants a sounding repeated, with which times: `closes_ms`, `until_ms`, `by` (names), `ours`, `waits_for`."""
    own, called = desk.identity.place.delegation, names.delegations(desk)
    found = []
    for joint in desk.talks.sounding.joint.values():
        if joint.subjects != ("sounding/" + sounding.id.hex(),):
            continue
        line = names.line(desk.common, min(one.index for one in joint.accepted.values()))
        event = line.act.event if line.act else None
        assert isinstance(event, SoundingRepeated)  # nothing else is joint in this room
        found.append(
            {
                "closes_ms": event.closes,
                "until_ms": event.until,
                "by": [name for one, name in called.items() if one in joint.accepted],
                "waits_for": [name for one, name in called.items() if one not in joint.accepted],
                "ours": own in joint.accepted,
            }
        )
    return found


def broken(desk: Desk, sounding: Sounding) -> list[dict[str, Any]]:
    """Return what did not hold in a sounding: `attempt` from 1, the sentence in `words`."""
    prefix = f"sounding-broken/{sounding.id.hex()}/"
    found = [
        (int(name.removeprefix(prefix)), desk.storage.get(name) or b"") for name in desk.storage.names(prefix)
    ]
    return [
        {"attempt": attempt + 1, "words": content.decode().partition("\n")[2]}
        for attempt, content in sorted(found)
    ]


def sheet(desk: Desk, sounding: Sounding, *languages: str) -> dict[str, Any]:
    """Return what a member marks: `options` or a `range`.

    An option has `index` (from 1), `words`, `value`, `yes`; a range `least`, `most`, `step`, `unit`, `low`, `high` (numbers of the
    scale, or None) and `refuses`. `state` is a key of `MARKS`; `fixed` says that this desk can change them no more.
    """
    listed = desk.talks.sounding.listed(sounding)
    held = marks.kept(desk, sounding)
    chosen = marks.choice(sounding, held.chosen) if held else None
    told: dict[str, Any] = {
        "kind": sounding.kind,
        "subject": words(listed.subject, *languages),
        "state": marks.standing(desk, sounding),
        "fixed": bool(held and held.sealed),
    }
    if listed.scale is not None:
        scale, ticks = listed.scale, (chosen or (None, None))
        low, high = (None if at is None else scale.least + int(at) * scale.step for at in ticks)
        ends = {"low": low, "high": high, "refuses": chosen is None}
        numbers = {"least": scale.least, "most": scale.most, "step": scale.step, "unit": scale.unit}
        return told | {"options": [], "range": numbers | ends}
    yes = chosen or (False,) * sounding.size
    options = [
        {"index": at, "words": words(one.words, *languages), "value": one.value, "yes": bool(yes[at - 1])}
        for at, one in enumerate(listed.options, 1)
    ]
    return told | {"options": options, "range": None}


def outcome(desk: Desk, sounding: Sounding, *languages: str) -> dict[str, Any]:
    """Return what was found, computing nothing: `state`, `words`, `mutual` of `index` (from 1), `words`, `value` (rule 4).

    `state` is `none` (no result, or not yet), `compute` (it can be computed: `desk.soundings.record.Runs.found`), `match`,
    `no-match`. `broken` is as `broken` returns it.
    """
    runs = Runs(desk)
    told: dict[str, Any] = {"state": "none", "words": "", "mutual": [], "broken": broken(desk, sounding)}
    if not has_result(sounding):
        return told
    if not runs.is_found(sounding):
        return told | {"state": "compute", "words": _("The result is in the record; it is being worked out.")}
    found = runs.found(sounding)
    unfinished = sounding.outcome == "void" and found is not None and not found.mutual
    return told if found is None or unfinished else told | _found(desk, sounding, found, languages)


def _found(desk: Desk, sounding: Sounding, found: Found, languages: Iterable[str]) -> dict[str, Any]:
    """Return a result in words."""
    if not found.mutual and not found.overlap:
        return {"state": "no-match", "words": _("No match.")}
    if found.overlap:
        return {"state": "match", "words": _("The ranges overlap.")}
    options = desk.talks.sounding.listed(sounding).options
    mutual = [
        {"index": at + 1, "words": words(options[at].words, *languages), "value": options[at].value}
        for at in found.mutual
    ]
    return {"state": "match", "words": _("All accept:"), "mutual": mutual}


def _begun(one: Sounding, by: str) -> str:
    """Return how a sounding began, in words."""
    if one.begun == "opened":
        return _("opened by {delegation}").format(delegation=by)
    if one.begun == "repeated":
        return _("repeated by all")
    return _("standing list of the host: opened by nobody")


def _step(one: Sounding) -> int:
    """Return how many steps all have taken, opened boxes among them."""
    return sum(one.is_whole(step) for step in one.course) + one.attempts[-1].opened


def figures(desk: Desk, sounding: Sounding) -> dict[str, Any]:
    """Return how the opening of the figures of a range stands.

    `standing` (a key of `FIGURES`), `words`, `offered` (names), `ranges` of `delegation`, `ours`, `low`, `high` (numbers of the
    scale, None for what is no range of this sounding), `unit`.
    """
    listed, called, own = (
        desk.talks.sounding.listed(sounding),
        names.delegations(desk),
        desk.identity.place.delegation,
    )
    stands = openings.figures(desk, sounding)
    scale = listed.scale

    def number(at: int | None) -> int | None:
        return None if at is None or scale is None else scale.least + at * scale.step

    ranges = [
        {
            "delegation": called.get(name, name),
            "ours": name == own,
            "low": number(ends[0] if ends else None),
            "high": number(ends[1] if ends else None),
            "unit": scale.unit if scale else "",
        }
        for name, ends in stands.ranges.items()
    ]
    return {
        "standing": stands.standing,
        "words": _(FIGURES[stands.standing]),
        "offered": [called.get(one, one) for one in stands.offered],
        "ranges": ranges,
    }
