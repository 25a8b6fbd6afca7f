"""What a file proves, by the one verifier that there is: for `goodoffices verify`, and for screens.

This module decides which forms of files are known. It never asks a network, a desk or a venue for the verdict; `compared`
only lists which numbers a desk's own user has compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from good_offices.clerk import names
from good_offices.desk.carried import verify_pouch
from good_offices.desk.desk import Desk
from good_offices.instrument.anchors import NO_ANCHORS, Anchors, Beside
from good_offices.instrument.evidence import FORMS, verify_any
from good_offices.instrument.finding import Finding, Signed
from good_offices.instrument.rendering import as_text
from good_offices.locale import N_, _
from good_offices.locale.phrases import Phrase, phrase, told
from good_offices.transport.pouch import POUCH

_FORMS: Final = {**FORMS, POUCH: verify_pouch}
_MARKS: Final = {
    "initialled": N_("initialled"),
    "ad-referendum": N_("signed ad referendum"),
    "signed": N_("signed"),
}
KINDS: Final = {
    "good-offices/outcome": N_("Outcome of talks"),
    "good-offices/certified-copy": N_("Certified copy of a deposited text"),
    "good-offices/deposit": N_("File of a deposit, for the depositary"),
    "good-offices/deposit-receipt": N_("Receipt of a depositary"),
    "good-offices/disclosure": N_("One act of talks, disclosed"),
    "good-offices/communique-file": N_("Communiqué"),
    "good-offices/receipt-file": N_("Receipt of a host"),
    "good-offices/receipt": N_("Receipt of a host"),
    "good-offices/evidence": N_("Evidence of two histories"),
    "good-offices/fork": N_("Evidence of two histories"),
    "good-offices/box-evidence": N_("Evidence of what a host did with the box of a sounding"),
    "good-offices/sounding-evidence": N_("Evidence of a false message in a sounding"),
    "good-offices/pouch": N_("Pouch of a courier"),
    "tlog-proof": N_("Receipt of a host"),
    "signed note": N_("Signed state of a register"),
    "good-offices/conditions-evidence": N_("Evidence of two answers of a host under one number"),
    "good-offices/declaration": N_("Declaration of good offices of a host"),
    "good-offices/declaration-withdrawn": N_("Withdrawal of a declaration of good offices"),
}


def verified(data: bytes, beside: Beside | None = None) -> Finding:
    """Return what a file proves, whatever its form; what is wrong with it is in the finding."""
    return verify_any(data, beside, forms=_FORMS)


def compared(desk: Desk) -> Anchors:
    """Return the roots that this desk's own user has compared, and the host that the desk was founded with; none before."""
    if not desk.confirmed:
        return NO_ANCHORS
    called = names.delegations(desk)
    roots = {
        one.roots[0].root.fingerprint: called.get(name, "")
        for name, one in desk.talks.roster.delegations.items()
    }
    return Anchors(known=roots | {desk.common.ledger.keys.fingerprint: _("host")})


def told_finding(
    finding: Finding, language: str | None = None, titles: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return a finding as words and lists for a screen, in the reader's language; `titles` of texts by their ids."""
    failed = finding.failed
    return {
        "kind": _(KINDS.get(finding.form.rpartition("/")[0] or finding.form, finding.form)),
        "valid": finding.valid,
        "established": finding.trust == "established",
        "why": str(told(failed.what, _)) if failed else "",
        "remedy": str(told(failed.remedy, _)) if failed else "",
        "proves": [str(told(_titled(one, titles or {}), _)) for one in finding.proves],
        "does_not_prove": [str(told(_titled(one, titles or {}), _)) for one in finding.does_not_prove],
        "signatories": [_signatory(one) for one in finding.signatories],
        "deposits": [(one.depositary, one.place) for one in finding.deposits],
        "cosigned_by": sorted({one.delegation for one in finding.cosigned_by}),
        "roots": [(one.name, one.root, one.trusted) for one in finding.roots],
        "talks": finding.talks,
        "number": finding.number,
        "host": finding.host,
        "texts": finding.text,
        "whole": as_text(finding, language=language, say=_),
    }


def _titled(words: str, titles: Mapping[str, str]) -> str:
    """Return a sentence in which a text that this desk knows is called by its title and not by its id."""
    named = str(words.facts.get("text", "")) if isinstance(words, Phrase) else ""
    if not isinstance(words, Phrase) or named not in titles:
        return words
    return phrase(words.message, **{**words.facts, "text": titles[named]})


def _signatory(one: Signed) -> dict[str, str]:
    """Return who initialled or signed, in words."""
    return {
        "delegation": one.delegation,
        "name": one.name,
        "capacity": one.capacity,
        "how": _(_MARKS[one.how]),
        "basis": one.basis,
    }
