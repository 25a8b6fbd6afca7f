"""Take a picture of every screen: `docs/screens/NAME.png`, made from a demonstration that is left half way.

    python docs/make_screens.py [--language ru] [--width 1440] [--whole] [--out FOLDER] [NAME ...]

The demonstration, a new desk and the operator's console run as processes of their own; the browser is Debian's Chromium, and
the pictures show what it showed. Times and chance numbers differ from one run to the next, nothing else.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from good_offices.cli.demo.hands_on import PASSPHRASE

WHOLE = "--whole" in sys.argv
SCREENS = Path(__file__).parent / "screens"
PROGRAM = (sys.executable, "-m", "good_offices")
ARGS = ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none", "--disable-lcd-text"]
# The screens of an open desk, by their addresses.
DESK = {
    "overview": "/",
    "since-you-left": "/since",
    "agenda": "/agenda",
    "meetings": "/meetings",
    "meeting-propose": "/meetings/propose",
    "conditions": "/meetings/conditions",
    "conditions-ask": "/meetings/conditions/ask",
    "plenary": "/plenary",
    "rooms": "/groups",
    "caucus": "/caucus",
    "consent": "/caucus/consent",
    "soundings": "/soundings",
    "sounding": "/soundings/S1",
    "sounding-open": "/soundings/~/open",
    "sounding-seal": "/soundings/S1/seal",
    "text": "/text/river",
    "text-compare": "/text/river/compare",
    "text-paper": "/text/river/paper",
    "drafting": "/text/river/propose/u6",
    "signature": "/signature",
    "communique": "/communique",
    "record": "/record",
    "archive": "/record/archive",
    "parity": "/record/parity",
    "people-and-keys": "/people",
    "comparison": "/people/compare",
    "room-screen": "/room",
    "private-notes": "/notes",
    "terms": "/glossary",
    "refused": "/nowhere",
}


@contextlib.contextmanager
def program(*words: str, wait: str) -> Iterator[list[str]]:
    """Yield what a program of ours says up to the line that `wait` is found in; end it afterwards."""
    with subprocess.Popen(
        [*PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield list(until(process.stdout, wait))
        finally:
            process.terminate()


def until(stream: IO[str] | None, wait: str) -> Iterator[str]:
    """Yield the lines of a stream up to the one with `wait` in it."""
    assert stream is not None
    for line in stream:
        yield line.rstrip()
        if wait in line:
            return
    sys.exit(f"the program ended before it said {wait!r}")


def entered(browser: Browser, launch: Path, language: str, width: int) -> tuple[BrowserContext, Page]:
    """Return a window in which a launch file has been used."""
    context = browser.new_context(viewport={"width": width, "height": 1000}, locale=language)
    page = context.new_page()
    page.goto(launch.as_uri())
    page.locator("button").first.click()
    page.wait_for_url(re.compile(r"/(unlock|begin)$"))
    return context, page


def shoot(page: Page, out: Path, name: str) -> None:
    """Take the picture of a page as it is."""
    page.wait_for_timeout(400)
    page.screenshot(path=out / f"{name}.png", full_page=WHOLE)
    print(name)


def take(out: Path, language: str, width: int, wanted: set[str]) -> None:
    """Take every picture."""
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not path:
        sys.exit("no Chromium: run `make test-browser-setup`")
    out.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="good-offices-")))
        said = stack.enter_context(program("demo", "--keep", str(folder / "demo"), wait="Ctrl+C"))
        launches = [Path(line.rpartition(" ")[2]) for line in said if line.endswith("-open.html")]
        venue = next(line.rpartition(" ")[2] for line in said if "public page" in line)
        new = stack.enter_context(
            program("desk", "serve", "--desk", str(folder / "new"), "--no-browser", "--json", wait="{")
        )
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)

        _, page = entered(browser, Path(json.loads(new[-1])["launch_file"]), language, width)
        shoot(page, out, "first-minutes")
        page.set_input_files("input[type=file]", folder / "demo" / "invitations" / "invitation-1.goodoffices")
        page.locator("button.go").first.click()
        page.wait_for_load_state()
        shoot(page, out, "first-minutes-names")

        _, page = entered(browser, launches[0], language, width)
        shoot(page, out, "unlock")
        page.fill("input[name=passphrase]", PASSPHRASE)
        page.locator("button.go").click()
        page.wait_for_load_state()
        page.wait_for_selector("[data-state=up-to-date]")
        base = page.url.rpartition("/")[0]
        for name, address in DESK.items():
            if not wanted or name in wanted:
                page.goto(base + address)
                shoot(page, out, name)
        page = browser.new_page(viewport={"width": width, "height": 1000}, locale=language)
        page.goto(venue)
        shoot(page, out, "public-page")
        browser.close()


def main() -> None:
    """Take the pictures that are named, or all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", help=", ".join(DESK))
    parser.add_argument("--language", default="en")
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--whole", action="store_true", help="the whole page, not what a window shows of it")
    parser.add_argument("--out", type=Path, default=SCREENS)
    chosen = parser.parse_args()
    take(chosen.out, chosen.language, chosen.width, set(chosen.names))


if __name__ == "__main__":
    main()
