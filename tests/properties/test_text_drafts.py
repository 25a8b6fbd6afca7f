# ruff: noqa: PT017 - a property allows both outcomes; what is refused is looked at, never required
"""Any draft that is read goes out as it came in, every bracket is counted once, and a redline keeps both texts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from good_offices.errors import LocalError
from good_offices.text.brackets import pairs_of
from good_offices.text.importing import export, import_draft
from good_offices.text.redline import accepted, redline, rejected

DRAFT = st.text("ab [][]\\{}*#^1.-\n\n\t⟦⟧/", max_size=60)


def plain_stack(text):
    """Count pairs, depth and orphans in the plainest way, footnote marks and escaped brackets apart."""
    stack, pairs, depth, orphans, at = [], 0, 0, [], 0
    while at < len(text):
        if text[at] == "\\" and text[at + 1 : at + 2] in ("[", "]"):
            at += 2
            continue
        if text.startswith("[^", at):
            end = at + 2
            while end < len(text) and text[end] not in "[]{}\\⟦⟧ \t\n":
                end += 1
            if end > at + 2 and text[end : end + 1] == "]":
                at = end + 1
                continue
        if text[at] == "[":
            stack.append(at)
            depth = max(depth, len(stack))
        elif text[at] == "]":
            if stack:
                stack.pop()
                pairs += 1
            else:
                orphans.append(at)
        at += 1
    return pairs, depth, sorted(orphans + stack)


@settings(max_examples=400, deadline=None)
@given(DRAFT, st.sampled_from(["md", "txt"]))
def test_a_draft_goes_out_as_it_came_in(text, form):
    try:
        draft = import_draft(text, form)
    except LocalError as refused:
        assert refused.code in ("draft-empty", "draft-head-unclosed")
        return
    assert draft.head + export(draft) == text
    pairs, depth, orphans = plain_stack(text[len(draft.head) :])
    lines = [text.count("\n", 0, at + len(draft.head)) + 1 for at in orphans]
    assert (draft.pairs, draft.depth) == (pairs, depth)
    assert [one.line for one in draft.orphans] == lines
    assert pairs_of(draft.to_instrument("en"), "en") == pairs


@settings(max_examples=300, deadline=None)
@given(st.text("ab 1.,'яй\u0306\n", max_size=40), st.text("ab 1.,'яй\u0306\n", max_size=40))
def test_reject_is_the_old_text_and_accept_the_new(old, new):
    segments = redline(old, new)
    assert rejected(segments) == old
    assert accepted(segments) == new
    assert all(one.text for one in segments)
