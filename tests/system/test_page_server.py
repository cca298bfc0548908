"""The page that is shared: thirty devices get it at once, and whatever else they send is refused."""

import http.client
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import numpy as np
import pytest

from cadl_gui.system.page_server import PageServer

PAGE = np.random.default_rng(5).bytes(3_000_000)
OTHER_ADDRESS = "127.0.0.2"


@contextmanager
def serving(page=PAGE, **limits):
    """The port of a server of this computer alone, and a growing list of the numbers of its devices."""
    devices = []
    with PageServer(page, "127.0.0.1", 0, devices.append, **limits) as server:
        thread = threading.Thread(target=server.run)
        thread.start()
        yield server.port, devices
    thread.join(timeout=10)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def port():
    with serving() as (port, _):
        yield port


def answer(port, method="GET", path="/", source="127.0.0.1", **request):
    """Status, headers and body that a device gets."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10, source_address=(source, 0))
    connection.request(method, path, **request)
    got = connection.getresponse()
    body = got.read()
    connection.close()
    return got.status, dict(got.getheaders()), body


def raw(port, sent):
    """All that is answered to these bytes; b"" if the connection was cut off."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection, suppress(OSError):
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))
    return b""


def test_thirty_devices_get_the_page_at_once_and_each_address_is_counted_once():
    sources = [f"127.0.0.{1 + i % 15}" for i in range(30)]
    with serving() as (port, devices), ThreadPoolExecutor(30) as devices_of_a_class:
        answers = list(devices_of_a_class.map(lambda source: answer(port, source=source), sources))
        assert sorted(devices) == [*range(1, 16)]
    assert all((status, body) == (200, PAGE) for status, _, body in answers)
    assert answers[0][1]["Content-Type"] == "text/html; charset=utf-8"


def test_only_the_page_can_be_asked_for_and_only_read(port):
    assert answer(port, "HEAD")[::2] == (200, b"")
    assert answer(port, path="/?from=qr")[0] == 200
    for path in ("/page.html", "/x//", "/../etc/passwd", "/%2e%2e/etc/passwd", "/etc/passwd", "/%00"):
        assert answer(port, path=path)[0] == 404, path
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
        assert answer(port, method)[0] == 405, method
    assert answer(port, "POST", body=b"x")[0] == 413
    assert answer(port, headers={"X": "x" * 10_000})[0] == 431


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n",
        b"GET /" + b"a" * 20_000,
        b"\r\n" * 5_000,
    ],
)
def test_malformed_requests_get_no_page_and_the_next_device_does(port, sent):
    assert len(raw(port, sent)) < 1_000
    assert answer(port)[2] == PAGE


def test_a_hundred_requests_in_a_row_on_one_connection_are_answered_or_refused(port):
    answers = raw(port, b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n" * 100)
    assert answers.count(b"404 Not Found") == 100


def test_a_device_that_sends_a_byte_now_and_then_is_cut_off():
    """Each byte would put off the usual limit, which is on silence."""
    with serving(longest_s=1) as (port, _), socket.create_connection(("127.0.0.1", port), timeout=10) as slow:
        slow.settimeout(0.2)
        for _ in range(100):
            try:
                slow.sendall(b"G")
                if not slow.recv(1):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        else:
            pytest.fail("the connection stayed open")
        assert answer(port)[0] == 200


def test_the_server_listens_at_the_chosen_address_alone(port):
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((OTHER_ADDRESS, port), timeout=10)
    with pytest.raises(OSError, match="in use"):
        PageServer(PAGE, "127.0.0.1", port, print)
