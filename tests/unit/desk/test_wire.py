"""The wire, against a server of a few lines that says exactly what a test tells it."""

from __future__ import annotations

import contextlib
import gzip
import select
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from tests.support.waiting import LONGEST

from good_offices.desk import wire
from good_offices.desk.client import VenueClient
from good_offices.desk.wire import CutError, Network
from good_offices.errors import OperationalError

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


class Server:
    """Answers the requests of each connection with the next of its answers; None ends the connection."""

    def __init__(self, *answers: bytes | Callable[[socket.socket], None] | None) -> None:
        self.answers = list(answers)
        self.asked: list[bytes] = []
        self.connections = 0
        self.wrap: Callable[[socket.socket], socket.socket] = lambda connection: connection
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while self.answers:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            with connection, contextlib.suppress(OSError), self.wrap(connection) as spoken:
                self._speak(spoken)

    def _speak(self, connection: socket.socket) -> None:
        while self.answers:
            request = _read(connection)
            if not request:
                return
            self.asked.append(request)
            answer = self.answers.pop(0)
            if answer is None:
                return
            if callable(answer):
                answer(connection)
            else:
                connection.sendall(answer)

    def close(self) -> None:
        self._listening.close()


def _read(connection: socket.socket) -> bytes:
    """Return one request with its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    left = int(lengths[0].split(b":")[1]) - len(body) if lengths else 0
    while left > 0:
        piece = connection.recv(left)
        data, left = data + piece, left - len(piece)
    return data


@pytest.fixture
def serve() -> Iterator[Callable[..., tuple[Server, Network]]]:
    made: list[tuple[Server, Network]] = []

    def make(*answers: object, path: str = "") -> tuple[Server, Network]:
        server = Server(*answers)
        made.append((server, Network(server.url + path)))
        return made[-1]

    yield make
    for server, network in made:
        network.close()
        server.close()


def ask(network: Network, body: bytes = b"", silence: float = 5.0) -> tuple[int, bytes]:
    method = "POST" if body else "GET"
    with closing(network.send(method, "/v1/x?y=1", {"Accept-Encoding": "identity"}, body, silence)) as answer:
        return answer.status, b"".join(answer.pieces())


def why(network: Network, **how: object) -> str:
    with pytest.raises(CutError) as cut:
        ask(network, **how)
    return cut.value.why


def test_an_answer_is_status_and_body(serve) -> None:
    server, network = serve(OK)
    assert ask(network) == (200, b"ok")
    assert server.asked[0].startswith(b"GET /v1/x?y=1 HTTP/1.1\r\n")


def test_a_venue_below_a_path_is_asked_below_it(serve) -> None:
    server, network = serve(OK, path="/talks/")
    ask(network)
    assert server.asked[0].startswith(b"GET /talks/v1/x?y=1 ")


def test_what_is_sent_is_what_was_given_and_nothing_about_this_machine(serve) -> None:
    server, network = serve(OK)
    ask(network)
    names = {line.split(b":")[0].lower() for line in server.asked[0].split(b"\r\n")[1:] if line}
    assert names == {b"host", b"accept-encoding"}


@pytest.mark.parametrize("size", [1, 65_536, 300_001])
def test_a_body_arrives_whole_under_its_length(serve, size: int) -> None:
    server, network = serve(OK)
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert ask(network, body) == (200, b"ok")
    head, _, sent = server.asked[0].partition(b"\r\n\r\n")
    assert sent == body
    assert b"transfer-encoding" not in head.lower()


def heard(network: Network) -> None:
    """Wait until the connection that is kept has something to read, its end or bytes."""
    ((connection, _),) = network._idle
    assert select.select([connection.sock], [], [], LONGEST)[0]


def test_a_connection_is_used_again(serve) -> None:
    server, network = serve(OK, CHUNKED + b"2\r\nok\r\n0\r\n\r\n", OK)
    assert [ask(network) for _ in range(3)] == [(200, b"ok")] * 3
    assert server.connections == 1


def test_a_connection_that_the_venue_has_closed_is_not_used_again(serve) -> None:
    server, network = serve(OK, OK)
    server.answers[0] = lambda connection: (connection.sendall(OK), connection.shutdown(socket.SHUT_RDWR))
    ask(network)
    heard(network)
    assert ask(network) == (200, b"ok")
    assert server.connections == 2


def test_a_connection_that_waited_long_is_not_used_again(serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server, network = serve(OK, OK)
    ask(network)
    monkeypatch.setattr(wire, "IDLE", -1.0)
    assert ask(network) == (200, b"ok")
    assert server.connections == 2


def test_an_answer_that_nobody_asked_for_is_not_taken_for_the_next(serve) -> None:
    lies = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlies"
    read = threading.Event()
    server, network = serve(
        lambda connection: (connection.sendall(OK), read.wait(LONGEST), connection.sendall(lies)), OK
    )
    ask(network)
    read.set()
    heard(network)
    assert ask(network) == (200, b"ok")
    assert server.connections == 2


def test_an_answer_left_unread_is_not_the_beginning_of_the_next(serve) -> None:
    server, network = serve(OK, OK)
    network.send("GET", "/", {}, b"", 5.0).close()
    assert ask(network) == (200, b"ok")
    assert server.connections == 2


def test_a_stream_and_requests_do_not_share_a_connection(serve) -> None:
    _, network = serve(OK, OK)
    with closing(network.send("GET", "/", {}, b"", 5.0)) as stream:
        assert network._waiting() is None
        assert b"".join(stream.pieces()) == b"ok"
    connection = network._waiting()
    assert connection is not None
    connection.close()
    assert network._waiting() is None


def test_an_answer_that_ends_its_connection_is_taken(serve) -> None:
    server, network = serve(None, OK)
    server.answers[0] = lambda connection: (
        connection.sendall(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nok"),
        connection.shutdown(socket.SHUT_RDWR),
    )
    assert [ask(network), ask(network)] == [(200, b"ok")] * 2
    assert server.connections == 2


def test_no_redirect_is_followed(serve) -> None:
    other, _ = serve(OK)
    location = f"HTTP/1.1 302 Found\r\nlocation: {other.url}/\r\ncontent-length: 0\r\n\r\n"
    server, network = serve(location.encode())
    assert ask(network) == (302, b"")
    assert (other.connections, server.connections) == (0, 1)


def test_no_cookie_is_kept(serve) -> None:
    server, network = serve(OK.replace(b"\r\n\r\n", b"\r\nset-cookie: a=b\r\n\r\n"), OK)
    ask(network)
    ask(network)
    assert b"cookie" not in server.asked[1].lower()


def test_no_compression_is_undone(serve) -> None:
    small = gzip.compress(bytes(1_000_000))
    head = f"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {len(small)}\r\n\r\n"
    _, network = serve(head.encode() + small)
    assert ask(network) == (200, small)


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_the_environment_names_no_proxy(serve, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    proxy, _ = serve(OK)
    server, network = serve(OK)
    monkeypatch.setenv(name, proxy.url)
    assert ask(network) == (200, b"ok")
    assert (proxy.connections, server.connections) == (0, 1)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (None, "RemoteDisconnected"),
        (b"SSH-2.0-OpenSSH\r\n", "BadStatusLine"),
        (b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 1000 + b"\r\n", "HTTPException"),
        (b"HTTP/1.1 200 OK\r\nx: " + b"y" * 100_000 + b"\r\n\r\n", "LineTooLong"),
        (CHUNKED + b"never\r\n", "IncompleteRead"),
    ],
)
def test_what_is_no_http_is_a_cut(serve, answer: bytes | None, kind: str) -> None:
    _, network = serve(answer)
    assert why(network) == kind


@pytest.mark.parametrize("begun", [b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok", CHUNKED + b"9\r\nok"])
def test_an_answer_that_ends_early_is_a_cut(serve, begun: bytes) -> None:
    _, network = serve(lambda connection: (connection.sendall(begun), connection.shutdown(socket.SHUT_RDWR)))
    assert why(network) == "IncompleteRead"


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok"])
def test_silence_has_its_limit(serve, begun: bytes) -> None:
    done = threading.Event()
    _, network = serve(lambda connection: (connection.sendall(begun), done.wait(LONGEST)))
    assert why(network, silence=0.1) == "TimeoutError"
    done.set()


def test_a_stream_is_read_as_it_comes(serve) -> None:
    seen = threading.Event()

    def speak(connection: socket.socket) -> None:
        connection.sendall(CHUNKED + b"3\r\none\r\n")
        seen.wait(LONGEST)
        connection.sendall(b"3\r\ntwo\r\n0\r\n\r\n")

    _, network = serve(speak)
    with closing(network.send("GET", "/", {}, b"", 5.0)) as answer:
        pieces = answer.pieces()
        assert next(pieces) == b"one"
        seen.set()
        assert list(pieces) == [b"two"]


def test_a_stream_without_chunks_is_read_as_it_comes(serve) -> None:
    seen = threading.Event()

    def speak(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\none")
        seen.wait(LONGEST)

    _, network = serve(speak)
    with closing(network.send("GET", "/", {}, b"", 5.0)) as answer:
        assert next(answer.pieces()) == b"one"
        seen.set()


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1", "http://venue.invalid", "ftp://127.0.0.1", "http://[::", "http://a:b", "nowhere"],
)
def test_an_address_where_nobody_is_is_a_cut(url: str) -> None:
    assert why(Network(url))


@pytest.mark.parametrize(
    ("url", "trusted", "kind"),
    [
        ("https://127.0.0.1", True, ""),
        ("https://127.0.0.1", False, "SSLCertVerificationError"),
        ("https://localhost", True, "SSLCertVerificationError"),
    ],
)
def test_a_certificate_must_be_the_venues_by_a_known_authority(
    serve, tmp_path, monkeypatch: pytest.MonkeyPatch, url: str, trusted: bool, kind: str
) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1 "
        f"-addext subjectAltName=IP:127.0.0.1 -keyout {key} -out {certificate}".split(),
        check=True,
        capture_output=True,
    )
    if trusted:
        monkeypatch.setattr(wire.certifi, "where", lambda: str(certificate))
    server, _ = serve(OK)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    server.wrap = lambda connection: tls.wrap_socket(connection, server_side=True)
    network = Network(url + ":" + server.url.rpartition(":")[2])
    if kind:
        assert why(network) == kind
        assert server.asked == []
    else:
        assert ask(network) == (200, b"ok")
    network.close()


def test_tls_asks_for_the_venues_name_and_writes_no_keys(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    context = wire._trusting()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.keylog_filename is None
    assert context.get_ca_certs()


def test_the_client_says_why_and_where(serve) -> None:
    server, _ = serve(None)
    client = VenueClient(server.url, "0" * 32, bytes(32))
    with pytest.raises(OperationalError) as failed:
        client.page("0" * 32, 0)
    client.close()
    assert failed.value.code == "venue-unreachable"
    assert failed.value.facts == {"url": server.url, "why": "RemoteDisconnected"}
