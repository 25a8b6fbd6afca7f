# ruff: noqa: PT017 - a property allows both outcomes; what is refused is looked at, never required
"""The invariants of the negotiating text, with a second reducer that shares no code with the first.

The second reducer keeps a text as a tree of lists, settles by walking the tree, and knows only what spec/text.md says.
"""

from __future__ import annotations

import hashlib
import re

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from good_offices.encoding import pack, unpack
from good_offices.errors import LocalError
from good_offices.text import acts, ladder, order
from good_offices.text.brackets import check_instrument, open_points, slots_of
from good_offices.text.model import Close, Instrument, Open, Unit, Words
from good_offices.text.notation import parse, print_runs
from good_offices.text.settling import Choice, settle, touched
from good_offices.text.state import Proposal, Stance, TextState

A, B = "a" * 32, "b" * 32
WORDS = st.text("ab cé,]\\{", min_size=1, max_size=6)


def escaped(words):
    return "".join("\\" + one if one in "[]{}\\" else one for one in words)


BRACKETS = st.recursive(
    WORDS.map(escaped) | st.sampled_from(["{hole}", "[^1]", " "]),
    lambda inner: st.lists(
        inner
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: "".join(f"[{part}]" for part in parts)),
        min_size=1,
        max_size=4,
    ).map("".join),
    max_leaves=12,
)


# --- the second reducer -------------------------------------------------------------------------------------------


def tree_of(runs_by_unit):
    """[(unit, plain runs)] -> nested lists: a slot variant is ("slot", id, variant, role, of, children)."""
    root: list = []
    stack = [root]
    for name, runs in runs_by_unit:
        stack[-1].append(("unit", name))
        for run in runs:
            if run["is"] == "open":
                children: list = []
                stack[-1].append(("slot", run, children))
                stack.append(children)
            elif run["is"] == "close":
                stack.pop()
            else:
                stack[-1].append(("run", run))
    return root


def flatten(nodes, chosen, out):
    """Append to `out` what stands: runs, unit marks, and ("cut",) where a variant was taken out."""
    for node in nodes:
        if node[0] != "slot":
            out.append(node)
            continue
        run, children = node[1], node[2]
        if run["slot"] not in chosen:
            out.append(("run", run))
            flatten(children, chosen, out)
            out.append(("run", {"is": "close", "slot": run["slot"], "variant": run["variant"]}))
        elif run["variant"] in chosen[run["slot"]] and run.get("role", "") != "none":
            flatten(children, chosen, out)
        else:
            out.append(("cut",))
            for inner in marks(children):
                out += [inner, ("cut",)]


def marks(nodes):
    return [
        found
        for node in nodes
        for found in ([node] if node[0] == "unit" else marks(node[2]) if node[0] == "slot" else [])
    ]


def naive_settle(instrument: dict, choices: dict) -> dict:
    units = {unit["id"]: unit for unit in instrument["units"]}
    touched_here = {
        unit["id"]
        for unit in instrument["units"]
        for runs in unit["texts"].values()
        for run in runs
        if run.get("slot") in choices
    }
    places = [place for place, unit in enumerate(instrument["units"]) if unit["id"] in touched_here]
    inside = instrument["units"][min(places) : max(places) + 1]
    new = {unit["id"]: dict(unit["texts"]) for unit in inside}
    for language in sorted({language for unit in instrument["units"] for language in unit["texts"]}):
        flat: list = []
        flatten(
            tree_of([(u["id"], u["texts"][language]) for u in instrument["units"] if language in u["texts"]]),
            choices,
            flat,
        )
        pieces: dict = {}
        for node in flat:
            if node[0] == "unit":
                pieces[here := node[1]] = []
            elif not pieces:
                raise AssertionError("a run before every unit")
            else:
                pieces[here].append(node)
        for name in new.keys() & pieces.keys():
            new[name][language] = seams(pieces[name])
    parents = {unit.get("parent", "") for unit in instrument["units"]}
    result = []
    for unit in instrument["units"]:
        after = {**unit, "texts": new.get(unit["id"], unit["texts"])}
        if (
            unit["id"] in new
            and unit["id"] not in parents
            and bare(after)
            and not lives(after)
            and lives(units[unit["id"]])
        ):
            continue
        result.append(after)
    return {**instrument, "units": result}


def seams(nodes):  # noqa: C901 - one rule, read beside its sentence in the specification
    """Spec 7.4: spaces at seams, then words joined."""
    out: list = []
    open_seam = False
    for node in nodes:
        if node[0] == "cut":
            open_seam = True
            continue
        run = node[1]
        if run["is"] == "words" and open_seam:
            solid = [one for one in out if one["is"] not in ("open", "close")]
            text = run["text"]
            if text[:1] == " " and (
                not solid or (solid[-1]["is"] == "words" and solid[-1]["text"][-1] in " \n")
            ):
                text = text[1:]
            if text:
                out.append({"is": "words", "text": text})
                open_seam = False
            continue
        if run["is"] not in ("open", "close"):
            open_seam = False
        out.append(run)
    if open_seam and out and out[-1]["is"] == "words" and out[-1]["text"][-1] == " ":
        out[-1] = {"is": "words", "text": out[-1]["text"][:-1]}
    joined: list = []
    for run in out:
        if run["is"] == "words" and joined and joined[-1]["is"] == "words":
            joined[-1] = {"is": "words", "text": joined[-1]["text"] + run["text"]}
        elif run["is"] != "words" or run["text"]:
            joined.append(run)
    return joined


def lives(unit):
    return any(
        run["is"] in ("note", "placeholder") or set(run.get("text", "")) - set(" \t\n*_")
        for runs in unit["texts"].values()
        for run in runs
    )


def bare(unit):
    return not any("slot" in run for runs in unit["texts"].values() for run in runs)


def canonical(value):
    return cbor2.dumps(value, canonical=True)


# --- the texts ----------------------------------------------------------------------------------------------------


@st.composite
def instruments(draw):
    count = draw(st.integers(1, 4))
    units = []
    for number in range(1, count + 1):
        texts = {"en": parse(draw(BRACKETS), f"u{number}.")}
        if draw(st.booleans()):
            texts["ru"] = parse(draw(BRACKETS), f"u{number}.ru")
        parent = f"u{draw(st.integers(1, number - 1))}" if number > 1 and draw(st.booleans()) else ""
        units.append(Unit(id=f"u{number}", kind="paragraph", parent=parent, texts=texts))
    for number in range(draw(st.integers(0, 2))):
        first = draw(st.integers(0, count - 1))
        last = draw(st.integers(first, count - 1))
        _wrap(units, first, last, f"x{number}")
    whole = Instrument(id="t", titles={}, authentic=("en",), units=tuple(units))
    try:
        check_instrument(whole)
    except LocalError:  # two wraps may cross: then the text without them serves as well
        return Instrument(id="t", titles={}, authentic=("en",), units=tuple(units[:1]))  # a wrap may cut it
    return whole


def _wrap(units, first, last, slot):
    """Put a slot from the beginning of one unit to the end of another, in the language all have."""
    for place, edge in ((first, Open(slot=slot, variant=0, of=1)), (last, Close(slot=slot, variant=0))):
        runs = units[place].texts["en"]
        runs = (edge, *runs) if isinstance(edge, Open) else (*runs, edge)
        one = units[place]
        units[place] = Unit(id=one.id, kind=one.kind, parent=one.parent, texts={**one.texts, "en": runs})


def balanced(instrument):
    try:
        check_instrument(instrument)
    except LocalError:
        return False
    return True


@settings(max_examples=150, deadline=None)
@given(instruments().filter(balanced), st.data())
def test_two_reducers_agree_byte_for_byte(instrument, data):
    while True:
        slots = slots_of(instrument)
        if not slots:
            break
        names = data.draw(st.lists(st.sampled_from(sorted(slots)), min_size=1, max_size=3, unique=True))
        chosen = {}
        for name in names:
            usable = [n for n, role in enumerate(slots[name].roles) if role in ("", "none")]
            chosen[name] = sorted(data.draw(st.sets(st.sampled_from(usable)))) if usable else []
        plain = cbor2.loads(pack(instrument))
        # A span between two slots far apart is not touched: each reducer works slot by slot here.
        step = instrument
        for name, keep in chosen.items():
            if name not in slots_of(step):
                continue
            if len(keep) > 1 and not whole_units(plain, name, keep):
                with pytest.raises(LocalError) as refused:
                    settle(step, [Choice(slot=name, keep=tuple(keep))])
                assert refused.value.code == "variants-joined"
                keep = keep[:1]  # noqa: PLW2901 - what a person would do next
            concerned = touched(step, [name])
            step = settle(step, [Choice(slot=name, keep=tuple(keep))])
            plain = naive_settle(plain, {name: keep})
            # What an act may announce as its result: the units it touches, each by its own hash.
            assert acts.digests(step, concerned) == {
                one["id"]: hashlib.sha256(canonical(one)).digest()
                for one in plain["units"]
                if one["id"] in concerned
            }
        assert pack(step) == canonical(plain)
        instrument = step
        check_instrument(instrument)
    assert open_points(instrument).keys() == {
        unit.id
        for unit in instrument.units
        if any("hole" in print_runs(runs) for runs in unit.texts.values())
    }


def whole_units(plain, slot, keep):
    """Tell whether each of these variants is whole units, from the printed order of the runs alone (spec 7.4)."""
    for unit in plain["units"]:
        for runs in unit["texts"].values():
            kinds = [run["is"] for run in runs]
            for place, run in enumerate(runs):
                if run.get("slot") != slot or run["variant"] not in keep:
                    continue
                if run["is"] == "open" and set(kinds[:place]) - {"open"}:
                    return False
                if run["is"] == "close" and set(kinds[place + 1 :]) - {"close"}:
                    return False
    return True


def marked(instrument):
    """Return the text with every run of words replaced by a mark of its own, and where each mark stands."""
    inside: dict[str, list[tuple[str, int]]] = {}
    units = []
    stacks: dict[str, list[tuple[str, int]]] = {}
    for unit in instrument.units:
        texts = {}
        for language, runs in unit.texts.items():
            stack = stacks.setdefault(language, [])
            new = []
            for run in runs:
                if isinstance(run, Open):
                    # Words that say something about the bracket must stay what they are.
                    run = Open(slot=run.slot, variant=run.variant, of=run.of, by=run.by, slash=run.slash)  # noqa: PLW2901
                    stack.append((run.slot, run.variant))
                elif isinstance(run, Close):
                    stack.pop()
                elif isinstance(run, Words):
                    mark = f"w{len(inside)}."
                    inside[mark] = list(stack)
                    run = Words(text=mark)  # noqa: PLW2901
                new.append(run)
            texts[language] = tuple(new)
        units.append(Unit(id=unit.id, kind=unit.kind, parent=unit.parent, texts=texts))
    return Instrument(id="t", titles={}, authentic=("en",), units=tuple(units)), inside


def with_options(instrument):
    """Return the text with its first two units as two options, if no other bracket is in the way."""
    names = [unit.id for unit in instrument.units[:2]]
    bases = {name: instrument.unit(name).digest for name in names}
    try:
        return order.place_options(acts.table(instrument), "o", [[name] for name in names], bases).instrument
    except LocalError as refused:
        assert refused.code == "brackets-cross"
        return instrument


@settings(max_examples=150, deadline=None)
@given(instruments().filter(balanced), st.data())
def test_no_text_is_reached_that_no_party_wrote(instrument, data):
    """In no unit do words of two variants of one bracket ever stand together, whatever is kept and in what order."""
    text, inside = marked(with_options(instrument))
    check_instrument(text)
    while slots := slots_of(text):
        name = data.draw(st.sampled_from(sorted(slots)))
        keep = sorted(data.draw(st.sets(st.sampled_from(range(slots[name].variants)))))
        try:
            text = settle(text, [Choice(slot=name, keep=tuple(keep))])
        except LocalError as refused:
            assert refused.code == "variants-joined"
            text = settle(text, [Choice(slot=name, keep=(keep[0],))])
    for unit in text.units:
        for runs in unit.texts.values():
            words = "".join(run.text for run in runs if isinstance(run, Words))
            left = [one for mark in re.findall(r"w\d+\.", words) for one in inside[mark]]
            variants: dict[str, set[int]] = {}
            for slot, variant in left:
                variants.setdefault(slot, set()).add(variant)
            assert all(len(one) == 1 for one in variants.values())


@settings(max_examples=100, deadline=None)
@given(instruments().filter(balanced), st.data())
def test_choices_of_one_act_are_the_same_in_any_order(instrument, data):
    slots = slots_of(instrument)
    names = data.draw(st.lists(st.sampled_from(sorted(slots)), unique=True)) if slots else []
    choices = [Choice(slot=name) for name in names]
    assert settle(instrument, choices) == settle(instrument, choices[::-1])


@settings(max_examples=200, deadline=None)
@given(BRACKETS)
def test_notation_loses_no_character_and_no_structure(text):
    runs = parse(text, "s")
    printed = print_runs(runs)
    assert printed == text
    assert parse(printed, "s") == runs
    check_instrument(
        Instrument(
            id="t", titles={}, authentic=("en",), units=(Unit(id="u", kind="recital", texts={"en": runs}),)
        )
    )


@settings(max_examples=200, deadline=None)
@given(st.text("ab []\\{}|⟦⟧^1-/"))
def test_any_text_is_read_whole_or_refused_with_its_place(text):
    try:
        runs = parse(text, "s")
    except LocalError as refused:
        assert refused.code == "notation"
        assert 1 <= refused.facts["position"] <= max(len(text), 1)
    else:
        assert print_runs(runs) == text


@settings(max_examples=100, deadline=None)
@given(instruments().filter(balanced))
def test_records_come_back_from_their_bytes(instrument):
    state = acts.table(instrument)
    again = unpack(pack(state), TextState)
    assert again == state
    assert again.digest == state.digest
    units = b"".join(
        hashlib.sha256(canonical(unit)).digest() for unit in cbor2.loads(pack(instrument))["units"]
    )
    head = [
        "good-offices/instrument/1",
        "t",
        {},
        ["en"],
        len(instrument.units),
        hashlib.sha256(units).digest(),
    ]
    assert instrument.digest == hashlib.sha256(canonical(head)).digest()


# --- sequences of acts --------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    instruments().filter(balanced),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 9), BRACKETS), max_size=12),
)
def test_words_change_only_by_acts_that_settle_on_the_present_base(instrument, script):
    state = acts.table(instrument)
    for number, (act, pick, text) in enumerate(script):
        units = state.instrument.units
        if not units:
            break
        unit = units[pick % len(units)]
        before, digest = state.instrument, state.digest
        base = unit.digest
        runs = (*state.instrument.unit(unit.id).crossing.get("en", ()), *parse(text, f"n{number}."))
        try:
            state = perform(state, act, number, unit, base, runs)
        except LocalError as refused:
            assert refused.remedy
            assert state.instrument is before
            continue
        if act in (0, 1, 2, 5, 6, 7):
            assert state.instrument == before  # proposals, stances and steps of the ladder change no word
        if state.locked_by(unit.id) and unit.id in before.places:
            assert state.instrument.unit(unit.id) == unit
        check_instrument(state.instrument)
        fresh = unpack(pack(state), TextState)
        assert fresh.digest == state.digest  # hashes kept from earlier states are the right ones
        if state.digest == digest:
            assert state.instrument.digest == before.digest


def perform(state, act, number, unit, base, runs):
    bases = {unit.id: base}
    if act == 0:
        given_ = Proposal(
            id=f"p{number}", party=A, unit=unit.id, base=base, texts={"en": runs}, package="k" * (number % 2)
        )
        return acts.propose(state, given_)
    if act == 1:
        return acts.take_stance(state, Stance(party=B, unit=unit.id, says="supports"))
    if act == 2:
        return acts.withdraw(state, next(iter(state.proposals), "none"), A)
    if act == 3:
        return acts.accept(state, [name for name, one in state.proposals.items() if not one.fate][:2])
    if act == 4:
        slot = min(unit.slots, default="none")
        names = touched(state.instrument, [slot])
        every = {name: state.instrument.unit(name).digest for name in names}
        return acts.settle_slots(state, [Choice(slot=slot, keep=())], every)
    if act == 5:
        return ladder.agree(state, bases, level="experts")
    if act == 6:
        return ladder.lock(state, bases, [A, B])
    if act == 7:
        return ladder.reopen(state, bases, [A, B])
    return acts.replace_text(state, unit.id, base, {"en": runs})


@settings(max_examples=60, deadline=None)
@given(instruments().filter(balanced), st.binary(min_size=32, max_size=32))
def test_no_word_changes_on_another_base(instrument, base):
    state = acts.table(instrument)
    unit = state.instrument.units[0]
    tries = [
        lambda: acts.replace_text(state, unit.id, base, {"en": (Words(text="x"),)}),
        lambda: acts.place_brackets(state, unit.id, base, {"en": (Words(text="x"),)}),
        lambda: ladder.agree(state, {unit.id: base}),
    ]
    for attempt in tries:
        try:
            attempt()
        except LocalError as refused:
            assert refused.code == "stale-base"
            assert refused.facts["base"] == base.hex()[:12]
            assert refused.facts["current"] == unit.digest.hex()[:12]
        else:
            raise AssertionError("a stale base was accepted")


@settings(max_examples=80, deadline=None)
@given(BRACKETS, st.data())
def test_brackets_placed_by_one_side_can_be_taken_away_without_a_trace(text, data):
    unit = Unit(id="u", kind="recital", texts={"en": parse(text, "u.")})
    state = acts.table(Instrument(id="t", titles={}, authentic=("en",), units=(unit,)))
    runs = list(unit.texts["en"])
    spots = [place for place, run in enumerate(runs) if isinstance(run, Words)]
    if not spots or not text.strip():
        return  # a unit of spaces would go with the variant
    at = data.draw(st.sampled_from(spots))
    added = [Open(slot="new", variant=1, of=2), Words(text="other words"), Close(slot="new", variant=1)]
    runs[at : at + 1] = [Open(slot="new", variant=0, of=2), runs[at], Close(slot="new", variant=0), *added]
    placed = acts.place_brackets(state, "u", unit.digest, {"en": tuple(runs)})
    base = placed.instrument.unit("u").digest
    back = acts.settle_slots(placed, [Choice(slot="new", keep=(0,))], {"u": base})
    kept = print_runs(unit.texts["en"])
    # One space may go at the seam of the variant that was added and taken out again; no other character does.
    # Two slots that the space kept apart are then printed with a separator, which is no character of the text.
    now = print_runs(back.instrument.unit("u").texts["en"])
    assert now.replace(" ", "").replace("]\\|[", "][") == kept.replace(" ", "").replace("]\\|[", "][")
