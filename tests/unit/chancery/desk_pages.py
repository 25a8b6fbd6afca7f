"""A browser without a browser: one desk's pages by Starlette's client, forms sent as a page sends them."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Self

from starlette.testclient import TestClient

from good_offices.chancery.app import build
from good_offices.chancery.guard import Door
from good_offices.chancery.seat import Seat

HOST = "go-0123456789abcdef.localhost:4711"
FALLBACK = "127.0.0.1:4711"


class Pages:
    """A browser that was let in, at the pages of one folder."""

    def __init__(self, folder: Path, *, host: str = HOST, language: str = "en") -> None:
        self.seat = Seat(folder)
        self.door = Door((HOST, FALLBACK))
        app = build(self.seat, self.door)
        app.state.renew = self.door.token
        self.host = host
        self.client = TestClient(app, base_url=f"http://{host}", follow_redirects=False)
        self.client.headers["accept-language"] = language
        self.client.headers["accept"] = "text/html"
        self.status = 0

    def __enter__(self) -> Self:
        self.client.__enter__()
        assert self.client.post("/launch", data={"token": self.door.token()}).status_code == 200
        return self

    def __exit__(self, *_: object) -> None:
        self.client.__exit__(None, None, None)

    @property
    def session(self):
        return next(iter(self.door._sessions.values()))

    def get(self, path: str) -> str:
        """Return the words of a page, with spaces made one; redirections are followed."""
        return self._words(self.client.get(path, follow_redirects=True))

    def post(self, path: str, files: dict[str, bytes] | None = None, **data: object) -> str:
        """Send a form, and return the words of the page it ends in."""
        return self._words(self.send(path, files, **data))

    def confirm(self, **data: object) -> str:
        """Press the button of the first of two steps that was shown last: its form as it stands there."""
        (form,) = re.findall(r'<form method="post".*?</form>', self.page, flags=re.DOTALL)[-1:]
        assert 'name="confirmed"' in form, form
        fields: dict[str, list[str]] = {}
        for tag in re.findall(r"<input type=\"hidden\"[^>]*>", form):
            name, value = re.search(r'name="([^"]*)" value="([^"]*)"', tag).groups()
            fields.setdefault(name, []).append(html.unescape(value))
        action = html.unescape(re.search(r'action="([^"]*)"', form)[1])
        return self.post(action, **{**fields, **data})

    def send(self, path: str, files: dict[str, bytes] | None = None, **data: object):
        """Return the answer to a form, with redirections followed."""
        return self.client.post(
            path,
            data={"csrf": self.session.csrf, **data},
            files={name: (f"{name}.bin", content) for name, content in (files or {}).items()},
            headers={"origin": f"http://{self.host}", "sec-fetch-site": "same-origin"},
            follow_redirects=True,
        )

    def _words(self, answer) -> str:
        self.status, self.page, self.path = answer.status_code, answer.text, answer.url.path
        body = re.sub(r"<(script|style)\b.*?</\1>", "", answer.text, flags=re.DOTALL)
        return (
            re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))
            .replace(" .", ".")
            .replace(" ,", ",")
            .strip()
        )
