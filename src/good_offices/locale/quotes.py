"""Quotation marks, as the language of whoever reads writes them.

This module decides nothing but that the marks are a matter of the language: they stand in the catalogues.
"""

from __future__ import annotations

from good_offices.locale import _


def quoted(words: object) -> str:
    """Return words in quotation marks."""
    return _("“{words}”").format(words=words)
