"""Small texts for the tests of the negotiating text."""

from __future__ import annotations

from good_offices.text.acts import table
from good_offices.text.model import Instrument, Unit
from good_offices.text.notation import parse
from good_offices.text.state import TextState

A, B = "a" * 32, "b" * 32


def unit(name, kind="paragraph", label="", parent="", **texts):
    runs = {language: parse(text, f"{name}.") for language, text in texts.items()}
    return Unit(id=name, kind=kind, label=label or name, parent=parent, texts=runs)


def state(*units, authentic=("en",)) -> TextState:
    return table(Instrument(id="t", titles={"en": "A text"}, authentic=authentic, units=units))


def bases(of, *names):
    return {name: of.instrument.unit(name).digest for name in names}
