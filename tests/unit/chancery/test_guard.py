"""Attacks on the local server: each rule of `chancery/guard.py` is tried by what it is there to stop."""

from __future__ import annotations

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from tests.support.waiting import until

from good_offices.chancery.app import build, routes
from good_offices.chancery.guard import COOKIE, MAX_BODY, Door
from good_offices.chancery.seat import Seat

HOST = "go-0123456789abcdef.localhost:4711"
FALLBACK = "127.0.0.1:4711"
OURS = {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
PAGE = {
    "accept": "text/html",
    "sec-fetch-site": "none",
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
}


@pytest.fixture
def seat(tmp_path):
    return Seat(tmp_path / "desk", idle=60)


@pytest.fixture
def door():
    return Door((HOST, FALLBACK))


@pytest.fixture
def outside(seat, door):
    app = build(seat, door)
    app.state.renew = door.token
    with TestClient(app, base_url=f"http://{HOST}", follow_redirects=False) as client:
        yield client


@pytest.fixture
def inside(outside, door):
    assert outside.post("/launch", data={"token": door.token()}).status_code == 200
    return outside


def test_who_is_inside_sees_the_first_page(inside):
    answer = inside.get("/unlock", headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/begin"


# DNS rebinding: the browser believes that the attacker's name is this machine, and sends that name.


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:4711",
        "localhost:4711",
        "127.0.0.1",
        "127.0.0.1:4712",
        "go-0123456789abcdee.localhost:4711",
        "[::1]:4711",
        f"{HOST}.",
        HOST.upper(),
    ],
)
def test_another_host_name_is_misdirected(inside, host):
    assert inside.get("/unlock", headers={**PAGE, "host": host}).status_code == 421


def test_the_fallback_address_is_ours(inside):
    assert inside.get("/launch", headers={**PAGE, "host": FALLBACK}).status_code == 200


# Other origins: another port of the same machine, a file or sandboxed frame (`null`), no origin at all.


@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1:9999",
        "http://localhost:4711",
        "null",
        "https://" + HOST,
        "http://evil.example",
        "http://" + HOST + "/",
        None,
    ],
)
def test_a_form_of_another_origin_is_refused(inside, origin):
    headers = {"origin": origin} if origin else {}
    assert inside.post("/language", data={"language": "ru"}, headers=headers).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_another_site_makes_the_browser_send_is_refused(inside, site, method):
    headers = {**PAGE, **OURS, "sec-fetch-site": site}
    assert inside.request(method, "/unlock", headers=headers).status_code == 403


def test_no_other_origin_may_read_an_answer(inside):
    answer = inside.options(
        "/", headers={"origin": "http://evil.example", "access-control-request-method": "POST"}
    )
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]


# CSRF: the token of the session, on every form there is.


def test_every_form_needs_the_token_of_the_session(inside, door):
    session = next(iter(door._sessions.values()))
    forms = [
        one.path
        for one in routes()
        if isinstance(one, Route) and "POST" in (one.methods or ()) and one.path != "/launch"
    ]
    assert {"/unlock", "/lock", "/language"} <= set(forms)
    for path in forms:
        address = path.replace("{", "").replace("}", "").replace(":path", "").replace(":int", "")
        for token in ("", "x" * len(session.csrf)):
            answer = inside.post(
                address if "int" not in path else "/lock", data={"csrf": token}, headers=OURS
            )
            assert answer.status_code == 403, path


def test_the_right_token_is_taken(inside, door):
    session = next(iter(door._sessions.values()))
    answer = inside.post("/language", data={"csrf": session.csrf, "language": "uk"}, headers=OURS)
    assert answer.status_code == 303
    assert session.language == "uk"


def test_the_way_back_leads_nowhere_else(inside, door):
    session = next(iter(door._sessions.values()))
    for back in ("//evil.example/", "https://evil.example/", "evil"):
        answer = inside.post("/language", data={"csrf": session.csrf, "back": back}, headers=OURS)
        assert answer.headers["location"] == "/"


# The launch token works once, and cannot be guessed by trying.


def test_a_launch_token_works_once(outside, door):
    token = door.token()
    first = outside.post("/launch", data={"token": token})
    assert first.status_code == 200
    outside.cookies.clear()
    assert outside.post("/launch", data={"token": token}).status_code == 403


def test_a_launch_token_ends_after_ten_wrong_ones(outside, door):
    token = door.token()
    for _ in range(10):
        assert outside.post("/launch", data={"token": "AAAA-AAAA-AAAA-AAAA"}).status_code == 403
    assert outside.post("/launch", data={"token": token}).status_code == 403


def test_a_launch_token_may_be_typed_in_small_letters_and_spaces(outside, door):
    token = door.token().lower().replace("-", " ")
    assert outside.post("/launch", data={"token": token}).status_code == 200


def test_a_used_token_is_replaced_at_once(outside, door):
    first = door.token()
    outside.post("/launch", data={"token": first})
    assert door._token
    assert door._token not in first.replace("-", "")


def test_a_script_or_frame_of_another_site_cannot_launch(outside, door):
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "empty"}
    assert outside.post("/launch", data={"token": door.token()}, headers=headers).status_code == 403
    framed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}
    assert outside.post("/launch", data={"token": door.token()}, headers=framed).status_code == 403


def test_the_cookie_is_strict_and_out_of_reach_of_scripts(outside, door):
    cookie = outside.post("/launch", data={"token": door.token()}).headers["set-cookie"]
    assert cookie.startswith(COOKIE)
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Domain" not in cookie


def test_without_the_cookie_there_is_only_the_way_in(outside):
    page = outside.get("/text", headers=PAGE)
    assert page.status_code == 403
    assert 'action="/launch"' in page.text
    assert outside.get("/live", headers={"accept": "text/event-stream"}).status_code == 403
    assert outside.post("/lock", headers=OURS).status_code == 403
    outside.cookies.set(COOKIE, "guess")
    assert outside.get("/live", headers={"accept": "text/event-stream"}).status_code == 403


# What every answer carries.


@pytest.mark.parametrize("path", ["/launch", "/unlock", "/nothing", "/static/style.css"])
def test_every_answer_forbids_framing_inline_scripts_and_sniffing(inside, path):
    answer = inside.get(path, headers=PAGE)
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    if not path.startswith("/static"):
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", [HOST, "evil.example"])
def test_refusals_carry_the_same_headers(outside, host):
    answer = outside.post("/", headers={"host": host, "origin": "null"})
    assert answer.status_code in (403, 421)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


# Paths, sizes, methods, protocols.


@pytest.mark.parametrize(
    "path",
    [
        "/static/../guard.py",
        "/static/%2e%2e/guard.py",
        "/static/..%2fguard.py",
        "/static//etc/passwd",
        "/static/%5c..%5cguard.py",
        "/static/fonts/../../errors.py",
    ],
)
def test_no_path_leads_out_of_the_folder(inside, path):
    answer = inside.get(path)
    assert answer.status_code in (404, 403, 303)
    assert "Guard" not in answer.text


def test_a_declared_length_beyond_the_limit_is_refused(inside):
    answer = inside.post("/unlock", content=b"x", headers={**OURS, "content-length": str(MAX_BODY + 1)})
    assert answer.status_code == 413


def test_a_body_that_goes_on_beyond_the_limit_is_refused(inside):
    def endless():
        for _ in range(MAX_BODY // 65536 + 2):
            yield b"a" * 65536

    headers = {**OURS, "content-type": "application/x-www-form-urlencoded"}
    assert inside.post("/unlock", content=endless(), headers=headers).status_code == 413


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(inside, method):
    assert inside.request(method, "/").status_code == 405


def test_no_socket_is_opened(inside):
    with pytest.raises(WebSocketDisconnect), inside.websocket_connect("/live"):
        pass  # pragma: no cover


# Idle: the desk locks itself. That the page then asks for the passphrase is tested with a real desk.


def test_an_idle_desk_is_locked(seat, monkeypatch):
    closed = []
    monkeypatch.setattr(Seat, "is_open", property(lambda _self: not closed))
    monkeypatch.setattr(seat, "lock", lambda: closed.append(1))
    seat.touch()
    assert not seat.lock_if_idle()
    seat.idle = 0.05
    assert until(seat.lock_if_idle)
    assert closed
