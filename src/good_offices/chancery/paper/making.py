"""A sheet from a text: which provisions stand on it, in which order, under which marks. See spec/paper.md section 3.

This module decides what of a text is printed. It never leaves out a provision: one without text in a language has a line
that says so.

1. Clean, a text with open points is refused: nobody is handed a page to sign that is not settled.
2. Units of kind layout (rules between paragraphs, markers of a table of contents) are not printed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from babel import Locale, UnknownLocaleError

from good_offices.chancery.paper.breaking import MEASURE
from good_offices.chancery.paper.model import Form, Imprint, Language, Layout, Paper, Provision
from good_offices.chancery.paper.numbering import HEADINGS, lines, marks
from good_offices.errors import LocalError
from good_offices.locale import _
from good_offices.text.brackets import open_points
from good_offices.text.model import Instrument, Unit, name_of


def paper(
    instrument: Instrument,
    imprint: Imprint,
    languages: Sequence[str] = (),
    *,
    form: Form = "draft",
    layout: Layout = "columns",
    numbered: bool = True,
    status: Callable[[str], str] = lambda _unit: "",
    names: Mapping[str, str] | None = None,
) -> Paper:
    """Return the sheet of a text in these languages, or in all its authentic ones (spec/paper.md section 3).

    `status` gives the word that stands under the mark of a unit, by its id; `names` as for `lines`.

    Raises:
        LocalError: `brackets-remain`, for the clean form of a text with open points.
    """
    if form == "clean":
        _settled(instrument)
    chosen = tuple(languages or instrument.authentic or _spoken(instrument))
    cited, depths = marks(instrument), _depths(instrument)
    provisions = tuple(
        Provision(
            id=unit.id,
            kind=unit.kind,
            mark=cited[unit.id],
            depth=depths[unit.id],
            level=_level(instrument, unit),
            status="" if unit.kind in HEADINGS else status(unit.id),
            lines={tag: lines(unit, tag, form=form, names=names, measure=MEASURE) for tag in chosen},
        )
        for unit in instrument.units
        if unit.kind != "layout"
    )
    return Paper(
        imprint=imprint,
        digest=instrument.digest,
        form=form,
        layout=layout,
        languages=tuple(
            Language(tag=tag, name=language_name(tag), title=instrument.titles.get(tag, "")) for tag in chosen
        ),
        provisions=provisions,
        missing=_("No text in this language yet"),
        numbered=numbered,
    )


def language_name(tag: str) -> str:
    """Return a language's own name for itself, or its tag where none is known."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name(tag.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return tag
    return name[:1].upper() + name[1:] if name else tag


def _spoken(instrument: Instrument) -> tuple[str, ...]:
    """Return the languages of a text that says of none that it is authentic; `und` (RFC 5646) if it has no words."""
    found = {tag for one in instrument.units for tag in one.texts} | set(instrument.titles)
    return tuple(sorted(found)) or ("und",)


def _settled(instrument: Instrument) -> None:
    """Refuse a text with open points, naming the first."""
    points = open_points(instrument)
    if points:
        raise LocalError(
            "brackets-remain",
            slots=sum(one.slots for one in points.values()),
            placeholders=sum(one.placeholders for one in points.values()),
            where=", ".join(name_of(instrument.unit(one)) for one in list(points)[:5]),
        )


def _depths(instrument: Instrument) -> dict[str, int]:
    """Return how deep each unit is indented: one step under each parent that is no heading."""
    found: dict[str, int] = {}
    for unit in instrument.units:
        below = found.get(unit.parent, 0) if unit.parent in found else -1
        parent = instrument.unit(unit.parent) if unit.parent in instrument.places else None
        found[unit.id] = 0 if parent is None or parent.kind in HEADINGS else below + 1
    return found


def _level(instrument: Instrument, unit: Unit) -> int:
    """Return the level of a heading from 1, 0 for other units."""
    level = 0
    while unit.kind in HEADINGS:
        level += 1
        if unit.parent not in instrument.places:
            break
        unit = instrument.unit(unit.parent)
    return level
