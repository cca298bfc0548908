"""JSON objects between two ends of a connection."""

import socket
import threading
from contextlib import suppress

import pytest

from cadl_gui.system.json_connection import ConnectionEndedError, JsonConnection, SilenceError, listen


@pytest.fixture
def ends():
    one, other = map(JsonConnection, _tcp_pair())
    yield one, other
    one.close()
    other.close()


def _tcp_pair():
    with listen(0) as listener:
        one = socket.create_connection(("127.0.0.1", listener.getsockname()[1]))
        return one, listener.accept()[0]


def test_objects_arrive_whole_and_in_order(ends):
    one, other = ends
    sent = [{"n": n, "text": "“ä”" * n} for n in (0, 1, 50_000)]
    sender = threading.Thread(target=lambda: [one.send(values) for values in sent])
    sender.start()
    assert [other.receive(30) for _ in sent] == sent
    sender.join()


def test_the_end_of_the_other_side_is_noticed_while_waiting(ends):
    one, other = ends
    threading.Timer(0.05, one.close).start()
    with pytest.raises(ConnectionEndedError):
        other.receive()


def test_a_closed_connection_wakes_its_own_reader(ends):
    one, _ = ends
    threading.Timer(0.05, one.close).start()
    with pytest.raises(ConnectionEndedError):
        one.receive()


@pytest.mark.parametrize("line", [b"GET / HTTP/1.1\r\n", b"[1]\n", b"\xff\n", b"[" * 100_000 + b"\n"])
def test_another_language_ends_the_conversation(line):
    one, other = _tcp_pair()
    connection = JsonConnection(other)
    one.sendall(line)
    with pytest.raises(ConnectionEndedError):
        connection.receive(30)
    one.close()
    connection.close()


def test_silence_is_not_waited_for_longer_than_asked(ends):
    with pytest.raises(SilenceError):
        ends[0].receive(0.05)


def test_a_line_without_end_is_not_read_for_ever():
    one, other = _tcp_pair()

    def send():
        with suppress(OSError):
            while True:
                one.sendall(b"x" * 1_000_000)

    sender = threading.Thread(target=send)
    sender.start()
    connection = JsonConnection(other)
    with pytest.raises(ConnectionEndedError):
        connection.receive(30)
    connection.close()
    sender.join()
    one.close()


def test_who_waits_briefly_does_not_cut_off_what_another_thread_sends():
    """The other side reads late, after many short waits of this one."""
    pair = _tcp_pair()
    pair[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 64_000)
    one, other = map(JsonConnection, pair)
    sent = {"text": "x" * 3_900_000}  # more than the system takes at once
    sender = threading.Thread(target=one.send, args=(sent,), daemon=True)
    sender.start()
    for _ in range(10):
        with pytest.raises(SilenceError):
            one.receive(0.05)
    assert sender.is_alive(), "it still sends"
    assert other.receive(30) == sent
    sender.join()
    one.close()
    other.close()


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 here")
@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]"])
def test_both_versions_of_ip_reach_a_listener(host):
    with listen(0) as listener:
        one = JsonConnection.to(host, listener.getsockname()[1], 5)
        other = JsonConnection(listener.accept()[0])
        one.send({"host": host})
        assert other.receive(5) == {"host": host}
        one.close()
        other.close()


def test_nobody_listens():
    with listen(0) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        JsonConnection.to("127.0.0.1", port, 0.2)


def test_a_port_in_use_is_refused():
    with listen(0) as listener, pytest.raises(OSError, match="in use"):
        listen(listener.getsockname()[1])
