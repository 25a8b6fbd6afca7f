"""What the browser tests stand on: the shipped faces load, lines measure as on paper, faults on a page are seen."""

import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources

import pytest

ASSETS = resources.files("good_offices") / "assets"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ground</title>
<link rel="stylesheet" href="fonts.css"></head><body><main><h1>Ground</h1><p lang="kk" id="kk">Қазақстан өңірі</p>{}
</main></body></html>"""
TEXTS = (
    "The Parties shall cooperate in good faith in the use and protection of the waters",
    "Верхняя Сторона обеспечивает у водомерного поста расход не менее 180",
    "Әр Тарап екінші Тарапқа өзінің су өлшеу бекеттерінің көрсеткіштерін жібереді",
)
MEASURE = """async ([text, face]) => {
  await document.fonts.load(face, text);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = face;
  pen.fontKerning = "none";
  return pen.measureText(text).width;
}"""


class Quiet(SimpleHTTPRequestHandler):
    body = ""

    def do_GET(self):
        if self.path.endswith(".html"):
            data = PAGE.format(self.body if self.path == "/fault.html" else "").encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        else:
            super().do_GET()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def ground():
    Quiet.body = '<img src="fonts/none.png">'
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(ASSETS))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://ground.localhost:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("face", ["400 20px", "italic 400 20px", "600 20px"])
def test_a_face_is_loaded_for_every_letter(windows, ground, face):
    page = windows.page("upper", f"{ground}/plain.html")
    loaded = page.evaluate(
        "async ([face, text]) => (await document.fonts.load(face, text)).map(one => one.status)",
        [f'{face} "Good Offices Serif"', TEXTS[2]],
    )
    assert loaded == ["loaded"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_line_is_as_wide_on_the_screen_as_the_table_says(windows, ground, text):
    widths = json.loads((ASSETS / "fonts" / "widths.json").read_text())
    page = windows.page("upper", f"{ground}/plain.html")
    measured = page.evaluate(MEASURE, [text, '100px "Good Offices Serif"'])
    assert measured == pytest.approx(sum(widths[f"{ord(one):04X}"] for one in text) / 10, abs=1)


def test_axe_passes_a_plain_page_and_finds_what_is_wrong(windows, ground, axe):
    page = windows.page("upper", f"{ground}/plain.html")
    axe(page)
    page.evaluate("() => { document.documentElement.removeAttribute('lang') }")
    with pytest.raises(AssertionError, match="html-has-lang"):
        axe(page)


def test_a_fault_on_a_page_is_seen_unless_it_was_expected(windows, ground):
    windows.page("upper", f"{ground}/fault.html").wait_for_load_state("networkidle")
    with pytest.raises(AssertionError, match="404"):
        windows.close()
    windows.expect("404")


def test_nothing_beyond_this_machine_can_be_reached(windows, ground):
    windows.expect("ERR_NAME_NOT_RESOLVED|ERR_INTERNET_DISCONNECTED")
    page = windows.page("upper", f"{ground}/plain.html")
    said = page.evaluate("() => fetch('http://example.com/').then(() => 'reached', error => error.name)")
    assert said == "TypeError"


def test_each_who_looks_has_cookies_of_their_own(windows, ground):
    upper = windows.page("upper", f"{ground}/plain.html")
    lower = windows.page("lower", f"{ground}/plain.html")
    upper.evaluate("() => { document.cookie = 'seat=upper' }")
    assert (upper.evaluate("() => document.cookie"), lower.evaluate("() => document.cookie")) == (
        "seat=upper",
        "",
    )
