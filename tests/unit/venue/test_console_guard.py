"""The console's guard: each attack that a page, a program or a thief of the folder could try."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from tests.support.waiting import until

from good_offices.encoding import pack
from good_offices.errors import GoodOfficesError, LocalError, OperationalError
from good_offices.transport.browser import refusal
from good_offices.venue import folder as folders
from good_offices.venue.console import passphrase
from good_offices.venue.console.guard import COOKIE, MAX_BODY, Door
from good_offices.venue.console.passphrase import Attempts, OperatorsPassphrase
from good_offices.venue.console.serving import build, serve
from good_offices.venue.rendering import assets

WORDS = "river house operators"
HOST = "go-0123456789abcdef.localhost:4711"
FALLBACK = "127.0.0.1:4711"
OURS = {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
PAGE = {"accept": "text/html", "sec-fetch-site": "none", "sec-fetch-mode": "navigate"}


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    # What a guess costs is tested below; the other tests need not pay for it.
    monkeypatch.setattr(passphrase, "COST", 1 << 10)
    made = folders.init(tmp_path / "venue", "Lake House")
    passphrase.choose(made, WORDS)
    return made


@pytest.fixture
def door(clock):
    return Door((HOST, FALLBACK), idle=900, monotonic=clock)


@pytest.fixture
def outside(folder, door, clock):
    app = build(folder, door, Attempts(folder, monotonic=clock))
    with TestClient(app, base_url=f"http://{HOST}", follow_redirects=False) as client:
        yield client


@pytest.fixture
def inside(outside):
    answer = outside.post("/login", data={"passphrase": WORDS}, headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    return outside


def session(door):
    return next(iter(door._sessions.values()))


def test_who_is_logged_in_sees_the_overview(inside):
    assert inside.get("/", headers=PAGE).status_code == 200


# The passphrase.


def test_without_the_passphrase_nobody_comes_in(outside):
    answer = outside.post("/login", data={"passphrase": WORDS + "x"}, headers=OURS)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert "not the operators" in answer.text
    assert WORDS not in answer.text
    assert outside.post("/login", headers=OURS).status_code == 403


def test_few_passphrases_can_be_tried_a_minute(outside, clock):
    for _ in range(5):
        assert "not the operators" in outside.post("/login", data={"passphrase": "x"}, headers=OURS).text
    # Not even the right one, so that waiting tells nothing.
    answer = outside.post("/login", data={"passphrase": WORDS}, headers=OURS)
    assert answer.status_code == 403
    assert "too many" in answer.text.lower()
    clock.now += 13
    assert outside.post("/login", data={"passphrase": WORDS}, headers=OURS).status_code == 303


def test_right_passphrases_do_not_shut_others_out(outside):
    for _ in range(12):
        outside.cookies.clear()
        assert outside.post("/login", data={"passphrase": WORDS}, headers=OURS).status_code == 303


def test_a_guess_costs_64_mib(tmp_path):
    assert passphrase.COST * passphrase._BLOCK * 128 == 64 * 1024 * 1024


def test_the_file_holds_no_passphrase_and_is_the_operators_alone(folder):
    path = folder.path / passphrase.FILE
    assert path.stat().st_mode & 0o777 == 0o600
    first = path.read_bytes()
    assert WORDS.encode() not in first
    passphrase.choose(folder, WORDS)
    assert path.read_bytes() != first  # another salt
    with pytest.raises(LocalError, match="fewer than"):
        passphrase.choose(folder, "short")


@pytest.mark.parametrize(
    "change", [{"cost": 1 << 40}, {"cost": 3000}, {"cost": 1}, {"salt": b""}, {"digest": b"x"}]
)
def test_a_file_that_asks_for_all_memory_or_is_damaged_is_refused(folder, change):
    parts = {"salt": b"s" * 32, "cost": 1 << 10, "digest": b"d" * 32} | change
    (folder.path / passphrase.FILE).write_bytes(pack(OperatorsPassphrase(**parts)))
    with pytest.raises(LocalError, match="damaged"):
        Attempts(folder).check(WORDS)


def test_a_file_that_is_missing_or_no_file(folder):
    (folder.path / passphrase.FILE).write_bytes(b"nonsense")
    with pytest.raises(LocalError, match="damaged"):
        Attempts(folder).check(WORDS)
    (folder.path / passphrase.FILE).unlink()
    with pytest.raises(LocalError, match="not set"):
        Attempts(folder).check(WORDS)
    with pytest.raises(LocalError, match="not set"):
        serve(folder, ready=pytest.fail)
    (folder.path / passphrase.FILE).mkdir()
    for attempt in (lambda: Attempts(folder).check(WORDS), lambda: passphrase.choose(folder, WORDS)):
        with pytest.raises(OperationalError):
            attempt()
    assert not list(folder.path.glob(".console*"))


def test_a_port_that_is_taken_is_told(folder):
    import socket

    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(GoodOfficesError, match="cannot listen"),
    ):
        serve(folder, port=taken.getsockname()[1], ready=pytest.fail)


def test_who_is_told_of_the_address_is_heard_there(folder):
    import socket
    from urllib.parse import urlsplit

    def ready(served):
        socket.create_connection(("127.0.0.1", urlsplit(served.fallback).port), 5).close()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        serve(folder, ready=ready)


# DNS rebinding, other origins, CSRF.


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:4711",
        "localhost:4711",
        "127.0.0.1",
        "127.0.0.1:4712",
        "[::1]:4711",
        f"{HOST}.",
        HOST.upper(),
    ],
)
def test_another_host_name_is_misdirected(inside, host):
    assert inside.get("/", headers={**PAGE, "host": host}).status_code == 421


@pytest.mark.parametrize(
    "origin",
    ["http://127.0.0.1:9999", "null", "https://" + HOST, "http://evil.example", f"http://{HOST}/", None],
)
@pytest.mark.parametrize("path", ["/login", "/language", "/invitations"])
def test_a_form_of_another_origin_is_refused(inside, door, path, origin):
    headers = {"origin": origin} if origin else {}
    data = {"csrf": session(door).csrf, "passphrase": WORDS, "parties": "2"}
    assert inside.post(path, data=data, headers=headers).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_another_site_makes_the_browser_send_is_refused(inside, site, method):
    headers = {**PAGE, **OURS, "sec-fetch-site": site}
    assert inside.request(method, "/login", headers=headers).status_code == 403


def test_no_other_origin_may_read_an_answer(inside):
    asking = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    answer = inside.options("/", headers=asking)
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_every_form_needs_the_token_of_the_session(inside, door):
    forms = [
        one.path for one in inside.app.routes if isinstance(one, Route) and "POST" in (one.methods or ())
    ]
    assert {"/logout", "/invitations", "/held", "/declaration/publish", "/declaration"} <= set(forms)
    for path in forms:
        address = path.replace("{talks}", "0" * 16).replace("{rest:path}", "x")
        for token in ("", "x" * 43, "ключ"):
            data = {"csrf": token, "confirmed": "yes", "synced": "yes", "passphrase": WORDS}
            answer = inside.post(address, data=data, headers=OURS)
            assert answer.status_code == 403, path
    assert session(door)


def test_the_way_back_leads_nowhere_else(inside, door):
    for back in ("//evil.example/", "https://evil.example/", "evil"):
        data = {"csrf": session(door).csrf, "back": back, "language": "uk"}
        assert inside.post("/language", data=data, headers=OURS).headers["location"] == "/"
    assert session(door).language == "uk"


# Sessions.


def test_the_cookie_is_strict_and_out_of_reach_of_scripts(outside):
    cookie = outside.post("/login", data={"passphrase": WORDS}, headers=OURS).headers["set-cookie"]
    assert cookie.startswith(COOKIE)
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Domain" not in cookie


def test_without_a_session_there_is_only_the_way_in(outside):
    for path in ("/", "/invitations", "/declaration", "/held", "/nothing"):
        answer = outside.get(path, headers=PAGE)
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
        assert outside.get(path).status_code == 403
        assert outside.post(path, headers=OURS).status_code == 403
    outside.cookies.set(COOKIE, "guess")
    assert outside.get("/invitations/x/all").status_code == 403
    outside.cookies.set(COOKIE, '"')
    assert outside.get("/").status_code == 403


def test_logging_out_ends_the_session_and_forgets_invitations(inside, door):
    ours = session(door)
    inside.post("/invitations", data={"csrf": ours.csrf, "parties": "2"}, headers=OURS)
    cookie = inside.cookies[COOKIE]
    assert ours.offers
    assert inside.post("/logout", data={"csrf": ours.csrf}, headers=OURS).headers["location"] == "/login"
    assert not ours.offers
    inside.cookies.set(COOKIE, cookie)
    assert inside.get("/").status_code == 403


def test_an_operator_who_went_away_is_logged_out(inside, door, clock):
    ours = session(door)
    inside.post("/invitations", data={"csrf": ours.csrf, "parties": "2"}, headers=OURS)
    clock.now += 899
    assert inside.get("/", headers=PAGE).status_code == 200
    clock.now += 901
    assert inside.get("/", headers=PAGE).headers["location"] == "/login"
    assert not ours.offers


def test_the_session_ends_although_nobody_asks(folder):
    door = Door((HOST,), idle=0.05)
    with TestClient(build(folder, door), base_url=f"http://{HOST}"):
        ours = door.enter()
        ours.offers["x"] = None
        assert until(lambda: not ours.offers)


# What every answer carries.


@pytest.mark.parametrize(
    "path", ["/login", "/", "/declaration", "/nothing", f"/static/{assets()[0]}/style.css"]
)
def test_every_answer_forbids_framing_scripts_and_sniffing(inside, path):
    answer = inside.get(path, headers=PAGE)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in policy
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    kept = "private, max-age=3600" if path.startswith("/static") else "no-store"
    assert answer.headers["cache-control"] == kept
    assert "<script" not in answer.text


@pytest.mark.parametrize("host", [HOST, "evil.example"])
def test_refusals_carry_the_same_headers(outside, host):
    answer = outside.post("/", headers={"host": host, "origin": "null"})
    assert answer.status_code in (403, 421)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


# Paths, sizes, methods, protocols.


@pytest.mark.parametrize(
    "path", ["/static/../host.key", "/static/%2e%2e/host.key", "/static/..%2fhost.key", "/static//etc/passwd"]
)
def test_no_path_leads_to_a_file(inside, path):
    assert inside.get(path).status_code == 404


def test_a_declared_length_beyond_the_limit_is_refused(inside):
    headers = {**OURS, "content-length": str(MAX_BODY + 1)}
    assert inside.post("/declaration", content=b"x", headers=headers).status_code == 413


def test_a_body_that_goes_on_beyond_the_limit_is_refused(inside):
    def endless():
        for _ in range(MAX_BODY // 65536 + 2):
            yield b"a" * 65536

    headers = {**OURS, "content-type": "application/x-www-form-urlencoded"}
    assert inside.post("/declaration", content=endless(), headers=headers).status_code == 413


def test_a_form_of_too_many_fields_is_refused(inside):
    data = {f"f{number}": "x" for number in range(500)}
    assert inside.post("/declaration", data=data, headers=OURS).status_code == 413


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(inside, method):
    assert inside.request(method, "/").status_code == 405


def test_no_socket_is_opened(inside):
    with pytest.raises(WebSocketDisconnect), inside.websocket_connect("/"):
        pass  # pragma: no cover


def test_a_fault_of_our_own_is_a_page_without_its_data(inside, monkeypatch, caplog):
    from good_offices.venue.console import health

    def fails(_folder):
        raise RuntimeError("secret of this machine")

    monkeypatch.setattr(health, "look", fails)
    answer = inside.get("/invitations", headers=PAGE)
    assert answer.status_code == 400
    assert "secret" not in answer.text + caplog.text
    assert "RuntimeError" in caplog.text


@pytest.mark.parametrize("declared", ["9" * 5000, "-1", "1e3", "²", str(MAX_BODY + 1)])
def test_a_length_that_is_none_is_refused_and_no_fault(declared):
    headers = Headers(raw=[(b"host", HOST.encode()), (b"content-length", declared.encode("latin-1"))])
    scope = {"method": "POST", "path": "/login"}
    status, _why = refusal(scope, headers, hosts=(HOST,), limit=MAX_BODY)
    assert status == 413
