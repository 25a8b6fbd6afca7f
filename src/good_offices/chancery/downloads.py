"""A file as an answer: never opened in the page, under a name that every system takes.

This module decides the headers of a download. It never lets a name of the talks end a header or name a folder.

1. A file is always an attachment. Its name stands twice: in plain letters, and in UTF-8 (RFC 6266, RFC 8187).
2. What file systems refuse, control characters and path separators become a space; a long name is cut at its end.
"""

from __future__ import annotations

import unicodedata
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

PDF: Final = "application/pdf"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BYTES: Final = "application/octet-stream"
_FORBIDDEN: Final = frozenset('\\/:*?"<>|%;')
_LONGEST: Final = 80


def download(data: bytes, name: str, ending: str, media: str = BYTES) -> Response:
    """Return a file to be kept under a name; `ending` is without the dot."""
    return Response(data, media_type=media, headers={"content-disposition": disposition(name, ending)})


def disposition(name: str, ending: str) -> str:
    """Return the value of `Content-Disposition` for an attachment (rule 1)."""
    whole = f"{safe(name)}.{ending}"
    # Taken apart, a full-width quotation mark is a quotation mark: what is plain is looked at once more.
    plain = "".join(
        one for one in unicodedata.normalize("NFKD", whole) if one.isascii() and one not in _FORBIDDEN
    )
    bare = " ".join(plain.split()).strip(" -.,")
    if not any(one.isalnum() for one in bare.removesuffix(ending)):
        bare = f"good-offices.{ending}"
    return f"attachment; filename=\"{bare}\"; filename*=UTF-8''{quote(whole, safe='')}"


def safe(name: str) -> str:
    """Return a name without what a file system or a header would take for something else (rule 2)."""
    kept = "".join(
        " " if one in _FORBIDDEN or unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp", "Cs") else one
        for one in name
    )
    return " ".join(kept.split())[:_LONGEST].strip(" .-") or "good-offices"
