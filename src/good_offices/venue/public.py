"""The public page: what this venue is and what a host can and cannot do. Nothing about talks, not even that there are any.

This module decides what anybody may see. It reads one setting, the venue's name.
"""

from __future__ import annotations

from html import escape
from typing import Final

HEADERS: Final = {
    "content-security-policy": "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}

STYLE: Final = (
    "body{max-width:42rem;margin:3rem auto;padding:0 1rem;font:1.0625rem/1.6 Georgia,serif;color:#1c1c1a;"
    "background:#fbfaf7}h1{font-weight:normal;font-size:1.9rem}h2{font-weight:normal;font-size:1.25rem;"
    "margin-top:2rem}li{margin:.5rem 0}footer{margin-top:3rem;border-top:1px solid #d8d5cc;padding-top:1rem;"
    "font-size:.9rem;color:#55534c}@media(prefers-color-scheme:dark){body{color:#e8e6df;background:#1b1b19}"
    "footer{color:#aaa79d;border-color:#44423b}}"
)

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{name}</title>
<style>{style}</style>
</head>
<body>
<h1>{name}</h1>
<p>This is a venue for direct talks. Its host offers the place, the time and all necessary conditions, and has no
part in the substance. In diplomacy this is called <em>good offices</em>, as opposed to <em>mediation</em>.</p>
<h2>What the host cannot do</h2>
<ul>
<li>It cannot read, forge or alter sealed acts, once keys are compared.</li>
<li>It cannot remove or reorder anything after it has given a receipt without leaving evidence that convicts it
as soon as two desks’ views meet.</li>
</ul>
<h2>What the host can do</h2>
<ul>
<li>Before a receipt it can delay or refuse, which the author sees, and it chooses the order of what arrives
together.</li>
<li>It sees which desk (a random number) of which delegation posts, fetches and cosigns, from which address, when,
in which register, the kind of entry, and padded sizes.</li>
</ul>
<footer>Whether there are talks here, and between whom, is not for the host to say. Parties who were invited open
their own desk with the invitation that they received.</footer>
</body>
</html>
"""


def page(name: str) -> bytes:
    """Return the public page of the venue `name`: HTML without scripts."""
    return _PAGE.format(name=escape(name), style=STYLE).encode()
