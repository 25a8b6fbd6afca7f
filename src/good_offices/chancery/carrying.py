"""A file of the first step, carried by its form into the second.

This module decides how: as base64 in a field that the second step sends back. Nothing is kept between the two.
"""

from __future__ import annotations

import base64
import binascii

from starlette.datastructures import FormData

from good_offices.chancery.visit import Visit
from good_offices.errors import LocalError


def carried(visit: Visit, name: str) -> bytes:
    """Return the bytes of an uploaded file, in the first step and in the second.

    Raises:
        LocalError: `upload-missing`.
    """
    data = visit.files.get(name, ("", b""))[1]
    if data:
        kept = [(one, value) for one, value in visit.form.multi_items() if one != name]
        visit.form = FormData([*kept, (name, base64.b64encode(data).decode())])
        return data
    try:
        data = base64.b64decode(visit.field(name), validate=True)
    except (ValueError, binascii.Error):
        data = b""
    if not data:
        raise LocalError("upload-missing")
    return data
