"""Paper: a text as numbered lines, as a page to print and as a Word file. See spec/paper.md.

This folder decides how a text looks on paper and which number each of its lines has, on every medium. It opens no desk and
reads no clock: what is printed comes in as data.
"""

from good_offices.chancery.paper.breaking import EM, MEASURE
from good_offices.chancery.paper.making import paper
from good_offices.chancery.paper.model import Imprint, Language, Line, Paper, Piece, Provision
from good_offices.chancery.paper.numbering import lines, marks, pieces
from good_offices.chancery.paper.printing import pdf
from good_offices.chancery.paper.word import docx

__all__ = [
    "EM",
    "MEASURE",
    "Imprint",
    "Language",
    "Line",
    "Paper",
    "Piece",
    "Provision",
    "docx",
    "lines",
    "marks",
    "paper",
    "pdf",
    "pieces",
]
