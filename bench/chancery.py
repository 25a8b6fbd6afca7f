"""Pages of the chancery and the redline under the fingers, beside a peer doing the same edit in the same browser.

A desk with a text of 500 provisions in two languages and 2,000 acts is served by `goodoffices desk serve` in a process of its own;
each page is fetched again and again over one connection. The redline is measured in Chromium: a key, the redline, the
layout. The peer is ProseMirror with its change tracking; `make bench-peers` builds it.

    python -m bench chancery [--quick]
"""

from __future__ import annotations

import gzip
import http.client
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from bench.desk import post
from bench.figures import Figure
from tests.support.house import PASSPHRASE, House

from good_offices.talks.events_plenary import StatementMade
from good_offices.talks.events_text import AmendmentProposed, BracketsPlaced, Change, StanceTaken, TextTabled
from good_offices.text.model import Instrument, Unit, Words
from good_offices.text.notation import parse

ROOT = Path(__file__).parents[1]
PEER = ROOT / ".cache" / "peers" / "prosemirror.js"
UNITS, ACTS, ROUND = 500, 2_000, 50
WORDS = {
    "en": "The Parties shall exchange hydrological data of the river each month, in the form agreed by the experts. ",
    "ru": "Стороны ежемесячно обмениваются гидрологическими данными о реке в форме, согласованной экспертами. ",
}
PAGES = ("/text/waters", "/", "/agenda", "/plenary", "/caucus", "/since", "/signature", "/record", "/people")
LONG = 4_000
KEYS = """
([selector, keys]) => {
  const area = document.querySelector(selector), out = []
  area.focus()
  for (let at = 0; at < keys; at++) {
    if (at % 10 === 0) area.setSelectionRange((at * 397) % area.value.length, (at * 397) % area.value.length)
    const begun = performance.now()
    document.execCommand("insertText", false, at % 6 ? "a" : " ")
    document.body.getBoundingClientRect()
    out.push(performance.now() - begun)
  }
  return out
}
"""


def run(*, quick: bool) -> Iterator[Figure]:
    """Yield the figures of one run."""
    units, acts, times = (UNITS // 10, ACTS // 10, 10) if quick else (UNITS, ACTS, 40)
    with (
        tempfile.TemporaryDirectory(prefix="good-offices-bench-") as temporary,
        House(Path(temporary)) as house,
    ):
        negotiate(house, units, acts)
        folder = house.desks[0].storage.folder
        house.desks.pop(0).close()
        with served(folder) as (said, launch):
            browser = Visitor(said["fallback"])
            browser.enter(launch)
            state = f"{units} provisions in 2 languages, {acts:,} acts, {times} times over one connection"
            for path in PAGES:
                taken = [browser.get(path) for _ in range(times)]
                yield Figure(f"{path}: p95", percentile(taken, 95), "ms", limit=100, state=state)
                state = ""
            yield from keystrokes(said["address"], launch, 60 if quick else 300)
    yield from sizes()


def negotiate(house: House, units: int, acts: int) -> None:
    """Put a long text on the table and let both delegations act on it and speak."""
    first, second = house.desks
    made = tuple(
        Unit(
            id=f"u{at}",
            kind="article",
            label=f"Article {at + 1}",
            texts={
                one: (Words(text=(words * (LONG // len(words) + 1))[:LONG] if at == 0 else words * 2),)
                for one, words in WORDS.items()
            },
        )
        for at in range(units)
    )
    titles = {"en": "The waters", "ru": "Воды"}
    post(
        first,
        [TextTabled(instrument=Instrument(id="waters", titles=titles, authentic=("en", "ru"), units=made))],
    )
    second.receive()
    post(first, [bracketed(unit) for unit in made[1::5]])
    done = 1 + len(made[1::5])
    for turn in range(acts):
        desk = house.desks[turn % 2]
        desk.receive()
        events = [*proposals(desk, turn, units), *stances(turn, units)]
        events += [
            StatementMade(text=f"{turn}.{at}: {WORDS['en']}".strip(), language="en") for at in range(ROUND)
        ]
        events = events[: min(ROUND, acts - done)]
        post(desk, events)
        done += len(events)
        if done >= acts:
            break
    house.settle()


def bracketed(unit: Unit) -> BracketsPlaced:
    """Return the event that puts one phrase of a provision in brackets, in both languages."""
    texts = {
        one: parse(
            runs[0].text.replace(" of ", " [of] ", 1).replace(" о ", " [о] ", 1),
            f"{unit.id}.",
            names={},
            crossing=(),
        )
        for one, runs in unit.texts.items()
    }
    return BracketsPlaced(instrument="waters", changes=(Change(unit=unit.id, base=unit.digest, texts=texts),))


def proposals(desk, turn: int, units: int) -> list[AmendmentProposed]:
    """Return one proposal, which stays pending, on a provision of its own."""
    number = 2 + 3 * turn
    if number >= units or number % 5 == 1:
        return []
    unit = desk.talks.plenary.texts["waters"].instrument.unit(f"u{number}")
    texts = {
        one: (Words(text=runs[0].text.replace("month", "week").replace("ежемесячно", "еженедельно")),)
        for one, runs in unit.texts.items()
    }
    change = Change(unit=unit.id, base=unit.digest, texts=texts)
    return [AmendmentProposed(instrument="waters", proposal=f"p{number}", changes=(change,))]


def stances(turn: int, units: int) -> list[StanceTaken]:
    """Return a few stances."""
    return [
        StanceTaken(instrument="waters", says="reserves", unit=f"u{(7 * turn + at) % units}")
        for at in (0, 11, 23)
    ]


@contextmanager
def served(folder: Path) -> Iterator[tuple[dict, Path]]:
    """Yield addresses and launch file of a desk that is served by a process of its own."""
    command = [
        sys.executable,
        "-m",
        "good_offices",
        "desk",
        "serve",
        "--desk",
        str(folder),
        "--no-browser",
        "--json",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            said = json.loads(process.stdout.readline())
            yield said, Path(said["launch_file"])
        finally:
            process.terminate()


class Visitor:
    """A browser without a screen: one connection, one cookie."""

    def __init__(self, address: str) -> None:
        self.host = address.removeprefix("http://").strip("/")
        self.connection = http.client.HTTPConnection(self.host)
        self.cookie = ""

    def enter(self, launch: Path) -> None:
        """Use the launch file and the passphrase."""
        token = re.search(r'name="token" value="([^"]+)"', launch.read_text()).group(1)
        answer = self.ask("POST", "/launch", {"token": token})
        self.cookie = answer.headers["set-cookie"].partition(";")[0]
        csrf = re.search(r'name="csrf" value="([^"]+)"', self.ask("GET", "/unlock").text).group(1)
        self.ask("POST", "/unlock", {"csrf": csrf, "passphrase": PASSPHRASE})
        time.sleep(1.5)  # the first synchronisation is not what is measured

    def get(self, path: str) -> float:
        """Return milliseconds from the request to the last byte."""
        begun = time.perf_counter()
        answer = self.ask("GET", path)
        taken = (time.perf_counter() - begun) * 1000
        if answer.status != 200:
            msg = f"{path}: {answer.status} {answer.headers.get('location', '')}"
            raise SystemExit(msg)
        return taken

    def ask(self, method: str, path: str, form: dict | None = None) -> http.client.HTTPResponse:
        """Return an answer, read to the end."""
        headers = {"origin": f"http://{self.host}", "accept": "text/html", "cookie": self.cookie}
        body = urlencode(form) if form else None
        if body:
            headers["content-type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        answer.text = answer.read().decode()
        return answer


def keystrokes(address: str, launch: Path, keys: int) -> Iterator[Figure]:
    """Yield what a key costs until its redline is laid out, ours and the peer's."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    claim = f"a key to its redline, {LONG:,} characters: p95"
    if not path:
        yield Figure(claim, 0.0, "ms", None, "Chromium", state="not measured: run `make test-browser-setup`")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        page = browser.new_page()
        page.goto(launch.as_uri())
        page.locator("button").first.click()
        page.wait_for_url(f"{address}**")
        page.goto(f"{address}text/waters/propose/u0")
        ours = page.evaluate(KEYS, ["textarea", keys])
        theirs = peer(browser, keys)
        browser.close()
    beside = percentile(theirs, 95) if theirs else None
    yield Figure(claim, percentile(ours, 95), "ms", beside, "ProseMirror with changeset", limit=16)
    yield Figure(
        "  median", statistics.median(ours), "ms", statistics.median(theirs) if theirs else None, "the same"
    )


def peer(browser, keys: int) -> list[float]:
    """Return the same of the peer; empty if it was not built."""
    if not PEER.is_file():
        return []
    page = browser.new_page()
    page.set_content('<div id="editor"></div>')
    page.add_script_tag(content=PEER.read_text())
    words = (WORDS["en"] * (LONG // len(WORDS["en"]) + 1))[:LONG]
    return page.evaluate("([words, keys]) => peer(words, keys)", [words, keys])


def sizes() -> Iterator[Figure]:
    """Yield the sizes of what a browser loads and of the interface in the wheel, compressed."""
    source = ROOT / "src" / "good_offices"
    scripts = b"".join(one.read_bytes() for one in sorted((source / "chancery" / "static").glob("*.js")))
    yield Figure("own JavaScript, all of it, gzipped", len(gzip.compress(scripts, 9)) / 1000, "kB", limit=15)
    with tempfile.TemporaryFile() as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as wheel:
        for folder in ("chancery", "assets", "locale"):
            for one in (source / folder).rglob("*"):
                if one.is_file() and "__pycache__" not in one.parts and one.suffix != ".po":
                    wheel.write(one, str(one.relative_to(source)))
        size = sum(one.compress_size for one in wheel.infolist())
    yield Figure("interface in the wheel, with fonts and catalogues", size / 1e6, "MB", limit=1.5)


def percentile(values: list[float], part: int) -> float:
    """Return the value below which `part` percent of the values lie."""
    return sorted(values)[max(0, -(-len(values) * part // 100) - 1)]
