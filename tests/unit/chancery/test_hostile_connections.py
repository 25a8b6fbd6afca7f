"""Another program on this machine: connections that say nothing, and what stands on the terminal when something breaks."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time

import pytest
import uvicorn
from tests.support.waiting import LONGEST, until

from good_offices.chancery import listening
from good_offices.chancery.listening import Bounded, hush, tell

SECRET = "Our floor is 185."


async def _app(scope, receive, send):
    assert scope["type"] == "http"
    while (await receive()).get("more_body"):
        pass
    if scope["path"] == "/broken":
        raise KeyError(SECRET)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def port():
    class Quick(Bounded):
        silence = 1.0
        most = 20

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(100)
    config = uvicorn.Config(_app, http=Quick, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(10)
    listener.close()


def opened(port, words=b""):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.settimeout(LONGEST)
    connection.sendall(words)
    return connection


def answered(port, path="/"):
    with opened(port, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()) as one:
        return one.recv(100)


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"GET / HTTP/1.1\r\nHos",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HT",
    ],
)
def test_who_opens_connections_and_says_nothing_does_not_keep_others_out(port, words):
    silent = [opened(port, words) for _ in range(60)]
    assert b"200 OK" in answered(port)
    before = time.monotonic()
    for one in silent:
        try:
            while one.recv(100):
                pass
        except ConnectionResetError:
            pass
        one.close()
    # A second of silence each and all at once, not one after another.
    assert time.monotonic() - before < 30


def test_a_head_that_does_not_end_is_cut_off(port):
    with opened(port, b"GET / HTTP/1.1\r\nHost: x\r\n") as one:
        # Reset or broken pipe, as the system has it.
        with pytest.raises(OSError):  # noqa: PT011
            one.sendall((b"X: " + b"a" * 60_000 + b"\r\n") * 200)
        assert b"200 OK" in answered(port)


def test_a_fault_is_told_by_its_kind_and_its_place(port, monkeypatch, capfd):
    before = {
        name: (logging.getLogger(name).handlers, logging.getLogger(name).propagate)
        for name in ("uvicorn", "asyncio")
    }
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    hush()
    try:
        # A server that another test has started or stopped may have turned this one down.
        logging.getLogger("uvicorn.error").disabled = False
        logging.getLogger("uvicorn.error").setLevel(logging.INFO)
        assert b"500" in answered(port, "/broken")
        broken = threading.Thread(target=lambda: {}[SECRET])
        broken.start()
        broken.join()
        # The answer is sent before the fault is told.
        told = ""

        def is_told() -> bool:
            nonlocal told
            told += capfd.readouterr().err
            return told.count("fault: KeyError at") >= 2

        until(is_told)
    finally:
        for name, (handlers, propagate) in before.items():
            logging.getLogger(name).handlers, logging.getLogger(name).propagate = handlers, propagate
    assert told.count("fault: KeyError at") == 2
    assert "185" not in told
    assert "Traceback" not in told


def test_a_fault_of_ours_is_told_with_its_line(capfd):
    try:
        listening.place(None)  # type: ignore[arg-type] # what has no traceback
    except AttributeError as fault:
        tell(fault)
    assert "fault: AttributeError at chancery/listening.py:" in capfd.readouterr().err
