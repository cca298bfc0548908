"""Workers that meet: each reason why they cannot train together is a sentence for both, in bounded time."""

import gc
import json
import os
import socket
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import pytest
from ports import free_ports
from shared_steps import DENSE

from cadl_gui.domain.errors import CadlError, DatasetError, UserError, WorkerLostError
from cadl_gui.domain.workers import Workers
from cadl_gui.training.team.meeting import Meeting

LONG, SHORT = 60.0, 1.0
N_STRANGERS = int(os.environ.get("N_STRANGERS", "300"))
ALIKE = {"tensorflow": "2", "Epochs": "3"}
TRAINED = {"config": DENSE.to_json(), "dataset": ["Noise", "123"], "gpus": 0}


class Come:
    """Lets workers of this machine come, each in a thread."""

    def __init__(self, pool):
        self.addresses = tuple(f"127.0.0.1:{port}" for port in free_ports(3))
        self._pool = pool

    def meeting(self, index, wait=LONG):
        return Meeting(Workers(self.addresses, index), wait)

    def chief(self, wait=LONG, **changes):
        meeting = self.meeting(0, wait)
        return self._pool.submit(meeting.hold, {"alike": ALIKE, **TRAINED, **changes})

    def other(self, index, alike=ALIKE, wait=LONG, **changes):
        """As the command does: whoever cannot begin tells the others."""

        def train():
            with closing(self.meeting(index, wait)) as meeting:
                try:
                    config = meeting.come(alike)
                    meeting.hold({**TRAINED, **changes})
                except UserError as error:
                    meeting.refuse(str(error))
                    raise
                return config

        return self._pool.submit(train)

    def connection(self, index=0):
        """A connection of a stranger to a worker that is about to listen."""
        host, _, port = self.addresses[index].rpartition(":")
        deadline = time.monotonic() + LONG
        while True:
            try:
                return socket.create_connection((host, int(port)), LONG)
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.01)

    def name(self, index):
        return f"{f'Worker {index}' if index else 'The chief'} ({self.addresses[index]})"


@pytest.fixture
def come():
    with ThreadPoolExecutor(4) as pool:
        yield Come(pool)


def said(future, kind=CadlError):
    error = future.exception(LONG)
    assert type(error) is kind, error
    return str(error)


def require_free(addresses):
    """Nothing listens any more: TensorFlow's servers can have the ports."""
    for address in addresses:
        with socket.create_server(("127.0.0.1", int(address.rpartition(":")[2]))):
            pass


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_all_meet_in_any_order_and_then_nothing_listens(come, order):
    meeting = {index: come.chief() if index == 0 else come.other(index) for index in order}
    assert meeting[0].result(LONG) is None
    assert meeting[1].result(LONG) == meeting[2].result(LONG) == DENSE
    require_free(come.addresses)


def test_who_never_comes_is_named_in_time(come):
    began = time.monotonic()
    chief, first = come.chief(wait=SHORT), come.other(1)
    missing = f"{come.name(2)} did not connect within 1 s; --wait changes that."
    assert said(chief, WorkerLostError) == missing
    assert said(first, WorkerLostError) == f"{come.name(0)} ended: {missing}"
    assert time.monotonic() - began < SHORT + 5


def test_who_is_never_ready_is_named_in_time(come):
    chief, first = come.chief(wait=SHORT), come.other(1)
    with closing(come.meeting(2)) as second:
        second.come(ALIKE)
        assert said(chief, WorkerLostError) == (
            f"{come.name(2)} did not become ready within 1 s; --wait changes that."
        )
    assert said(first, WorkerLostError).startswith(f"{come.name(0)} ended: Worker 2")


def test_a_chief_that_never_comes(come):
    began = time.monotonic()
    assert said(come.other(1, wait=SHORT), WorkerLostError) == (
        f"{come.name(0)} was not reached within 1 s: Connection refused. --wait changes that."
    )
    assert time.monotonic() - began < SHORT + 5


def test_another_program_at_the_chiefs_port(come):
    with socket.create_server(("127.0.0.1", int(come.addresses[0].rpartition(":")[2]))) as server:
        other = come.other(1, wait=SHORT)
        with suppress(TimeoutError):
            server.settimeout(3 * SHORT)
            while True:
                connected, _ = server.accept()
                connected.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connected.close()
    assert "another program answers there" in said(other, WorkerLostError)


def test_a_reason_right_after_the_chiefs_answer_is_not_lost(come):
    """Another worker may differ at that moment."""
    with socket.create_server(("127.0.0.1", int(come.addresses[0].rpartition(":")[2]))) as server:
        other = come.other(1)
        connected, _ = server.accept()
        with connected:
            answers = {"alike": ALIKE, **TRAINED}, {"end": "Worker 2 differs."}
            connected.sendall(b"".join(json.dumps(answer).encode() + b"\n" for answer in answers))
            assert said(other, WorkerLostError) == f"{come.name(0)} ended: Worker 2 differs."


def test_a_chief_that_ends_is_missed_by_those_that_are_ready(come):
    with socket.create_server(("127.0.0.1", int(come.addresses[0].rpartition(":")[2]))) as server:
        other = come.other(1)
        connected, _ = server.accept()
        with connected, connected.makefile("rb") as lines:
            lines.readline()
            connected.sendall(json.dumps({"alike": ALIKE, **TRAINED}).encode() + b"\n")
            assert json.loads(lines.readline()) == {"ready": True}
    assert said(other, WorkerLostError) == f"{come.name(0)} has ended, or does not answer."


@pytest.mark.parametrize(
    ("alike", "changes", "kind", "reason"),
    [
        ({**ALIKE, "tensorflow": "1"}, {}, UserError, "tensorflow: 2 for the chief, 1 for this worker"),
        ({"tensorflow": "2"}, {}, UserError, "Epochs: 3 for the chief, not given for this worker"),
        ({**ALIKE, "--resume": "given"}, {}, UserError, "--resume: not given for the chief, given for this"),
        (ALIKE, {"gpus": 1}, UserError, "GPUs: 0 for the chief, 1 for this worker"),
        (
            ALIKE,
            {"dataset": ["Noise", "124"], "config": {"dataset": "my noise"}},
            DatasetError,
            "“my noise” is not what the chief trains on (Noise).",
        ),
    ],
)  # fmt: skip
def test_who_differs_ends_all_with_the_reason(come, alike, changes, kind, reason):
    """Also one that is here already, and one that comes later."""
    chief, first = come.chief(), come.other(1)
    second = come.other(2, alike, **changes)
    own = said(second, kind)
    assert own.startswith(reason)
    assert said(chief, UserError) == f"{come.name(2)}: {own}"
    assert said(first, WorkerLostError) == f"{come.name(0)} ended: {come.name(2)}: {own}"
    require_free(come.addresses)


def test_who_comes_after_one_that_differs_hears_the_reason(come):
    chief = come.chief()
    assert "Epochs" in said(come.other(2, {**ALIKE, "Epochs": "4"}), UserError)
    assert said(come.other(1), WorkerLostError).startswith(f"{come.name(0)} ended: Worker 2")
    assert "Worker 2" in said(chief, UserError)


def test_a_chief_that_cannot_begin_stays_to_tell_all_others(come):
    refusing = threading.Thread(target=come.meeting(0).refuse, args=["The disk is full."])
    refusing.start()
    for index in (1, 2):
        assert said(come.other(index), WorkerLostError) == f"{come.name(0)} ended: The disk is full."
    refusing.join(LONG)
    assert not refusing.is_alive()


@pytest.mark.parametrize("index", [0, 1])
def test_nobody_stays_longer_than_asked_to_tell_why_it_cannot_begin(come, index):
    began = time.monotonic()
    with closing(come.meeting(index, SHORT)) as meeting:
        meeting.refuse("The disk is full.")
    assert time.monotonic() - began < SHORT + 5


def test_a_worker_that_cannot_begin_tells_the_chief(come):
    chief, first = come.chief(), come.other(1)
    with closing(come.meeting(2)) as second:
        second.refuse("There is no bfloat16.")
    reason = f"{come.name(2)}: There is no bfloat16."
    assert said(chief, UserError) == reason
    assert said(first, WorkerLostError) == f"{come.name(0)} ended: {reason}"


def test_a_worker_that_ends_may_be_started_again(come):
    chief, first = come.chief(), come.other(1)
    with closing(come.meeting(2)) as second:
        second.come(ALIKE)
        assert "worker 2" in said(come.other(2), WorkerLostError)  # it is here already
    time.sleep(SHORT)
    assert come.other(2).result(LONG) == DENSE
    assert chief.result(LONG) is None
    assert first.result(LONG) == DENSE


def test_a_worker_that_was_ready_and_ends_is_waited_for_again(come):
    chief, first = come.chief(), come.other(1)
    with come.connection() as second, second.makefile("rwb", buffering=0) as lines:
        for said in ({"index": 2, "addresses": come.addresses}, {"ready": True}):
            lines.write(json.dumps(said).encode() + b"\n")
        assert json.loads(lines.readline())["alike"] == ALIKE
    time.sleep(SHORT)
    assert come.other(2).result(LONG) == DENSE
    assert chief.result(LONG) is None
    assert first.result(LONG) == DENSE


def test_a_worker_with_another_list_is_told_and_named_once_the_time_is_over(come):
    chief = come.chief(wait=2 * SHORT)
    others = come.addresses[0], f"127.0.0.1:{free_ports(1)[0]}"
    with (
        closing(Meeting(Workers(others, 1), LONG)) as one,
        pytest.raises(WorkerLostError, match=r"127.* is another list of workers than the chief’s\."),
    ):
        one.come(ALIKE)
    assert said(chief, WorkerLostError) == (
        f"{come.name(1)} and worker 2 ({come.addresses[2]}) did not connect within 2 s, but one with another "
        f"list: {', '.join(others)}; --wait changes that."
    )


@pytest.mark.parametrize("index", [0, 1])
def test_a_port_in_use(come, index):
    port = int(come.addresses[index].rpartition(":")[2])
    with socket.create_server(("", port)):
        ended = come.chief() if index == 0 else come.other(1, wait=SHORT)
        about = f"Port {port} of this machine, for {Workers(come.addresses, 0).name(index)}"
        assert said(ended, UserError) == f"{about}, cannot be used: Address already in use."


def test_of_many_that_say_nothing_the_oldest_are_closed(come):
    """Long before their time is over: a process may have only so many connections."""
    chief = come.chief(wait=10 * SHORT)
    silent = [come.connection() for _ in range(60)]
    for stranger in silent[:10]:
        stranger.settimeout(5 * SHORT)
        assert stranger.recv(1) == b""
    others = come.other(1), come.other(2)
    assert [other.result(LONG) for other in others] == [DENSE, DENSE]
    assert chief.result(LONG) is None
    for stranger in silent:
        stranger.close()


STRANGERS = {
    "another object": b'{"what": "else"}\n',
    "no object": b"[1]\n",
    "another language": b"GET / HTTP/1.1\r\n\r\n",
    "no text": b"\xff\xfe\x00\n",
    "infinity": b'{"index": Infinity, "addresses": []}\n',
    "a huge number": b'{"index": 1e999, "addresses": %s}\n',
    "another number": b'{"index": 3, "addresses": %s}\n',
    "the chief's number": b'{"index": 0, "addresses": %s}\n',
    "brackets": b"[" * 50_000 + b"\n",
    "another list": b'{"index": 1, "addresses": ["c:1"]}\n',
    "no list": b'{"index": 1, "addresses": 7}\n',
    "another refusal": b'{"index": 1, "addresses": ["c:1"], "end": "It has ended."}\n',
    "half a line": b'{"index": 1',
    "a line without end": b"x" * 1_000_000,
    "nothing": b"",
}


@pytest.mark.slow
@pytest.mark.parametrize("said", STRANGERS.values(), ids=STRANGERS)
def test_strangers_disturb_nobody(come, said):
    """Many, some of which stay until all have met; they take no memory."""
    chief = come.chief(wait=10 * LONG)
    said = said.replace(b"%s", json.dumps(come.addresses).encode())
    staying = []
    tracemalloc.start()
    for i in range(N_STRANGERS):
        stranger = come.connection()
        with suppress(OSError):  # it has been sent away in between
            stranger.sendall(said)
        if i % 10 == 0 and len(staying) < 100:
            staying.append(stranger)
        else:
            stranger.close()
    gc.collect()  # each transport of asyncio is a cycle, of 1 kB
    n_bytes, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    others = come.other(1), come.other(2)
    assert [other.result(LONG) for other in others] == [DENSE, DENSE]
    assert chief.result(LONG) is None
    for stranger in staying:
        stranger.close()
    assert n_bytes < 10_000_000
