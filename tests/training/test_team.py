"""Workers that meet: each reason why they cannot train together is a sentence for both, in bounded time."""

import dataclasses
import socket
import threading
import time

import pytest
from ports import free_ports

from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.meeting import Greeting
from cadl_gui.domain.workers import Workers
from cadl_gui.training.team.chief import Chief
from cadl_gui.training.team.helper import Helper
from cadl_gui.training.team.ports import listen_as, reach
from cadl_gui.training.team.refusal import tell_chief, tell_others
from cadl_gui.training.team.watch import Watch

pytestmark = [pytest.mark.tf, pytest.mark.slow]

VERSIONS = {"cadl_gui": "1", "tensorflow": "2", "keras": "3", "numpy": "4"}
LONG, SHORT = 60.0, 0.5


class Meeting:
    """The chief and one other worker of this machine, in two threads."""

    def __init__(self):
        self.addresses = tuple(f"127.0.0.1:{port}" for port in free_ports(2))
        self.chief = self.helper = None
        self.said = {}
        self.wait = LONG

    def greeting(self, index, **changes):
        greeting = Greeting.of(Workers(self.addresses, index), VERSIONS, {"epochs": 3})
        return dataclasses.replace(greeting, **changes)

    def begin(self, *indices, **changes):
        """Let the workers of these numbers come; `changes` are of what worker 1 says."""
        threads = [threading.Thread(target=self.come, args=(i, changes)) for i in indices]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def come(self, index, changes):
        workers = Workers(self.addresses, index)
        try:
            if index == 0:
                chief = Chief(workers, self.greeting(0), print)
                chief.gather(self.wait)
                self.chief = chief
            else:
                self.helper = Helper(workers, self.greeting(1, **changes), self.wait, print)
        except CadlError as error:
            self.said[index] = str(error)

    def close(self):
        for worker in (self.chief, self.helper):
            if worker is not None:
                worker.close()


def test_only_who_still_waits_for_a_worker_that_has_ended_is_stuck(monkeypatch):
    """To be stuck ends the process. An exchange that succeeded is no longer waited for."""
    due, stuck = [], []

    class Later:
        def __init__(self, seconds, work):
            self.start = lambda: due.append(work)

    monkeypatch.setattr(threading, "Timer", Later)
    watch = Watch(stuck.append)
    with watch.guarding():
        pass
    watch.lose("Worker 2 has ended.")
    due.pop()()
    assert stuck == []
    watch = Watch(stuck.append)
    with watch.guarding():
        pass
    with watch.guarding():
        watch.lose("Worker 3 has ended.")
        due.pop()()
    assert stuck == ["Worker 3 has ended."]


@pytest.fixture
def meeting():
    meeting = Meeting()
    yield meeting
    meeting.close()


def test_two_workers_find_each_other(meeting):
    meeting.begin(1, 0)
    assert not meeting.said
    assert (meeting.chief.index, meeting.chief.n_workers) == (0, 2)
    assert (meeting.helper.index, meeting.helper.n_workers) == (1, 2)


def test_a_chief_that_ends_tells_why(meeting):
    meeting.begin(1, 0)
    meeting.chief.fail("The disk is full.")
    with pytest.raises(CadlError, match=rf"The chief \({meeting.addresses[0]}\) ended: The disk is full\."):
        meeting.helper.task()


def stays_to_tell(addresses, reason, seconds):
    """What a chief that cannot begin does."""
    workers = Workers(addresses, 0)
    with listen_as(workers) as listener:
        tell_others(listener, workers, [1], reason, seconds)


def in_thread(function, *arguments):
    thread = threading.Thread(target=function, args=arguments)
    thread.start()
    return thread


def test_a_chief_that_cannot_begin_stays_to_tell_the_others(meeting):
    """Also those that come later, whoever else connects; it ends when all know."""
    chief = in_thread(stays_to_tell, meeting.addresses, "The disk is full.", LONG)
    stranger = reach(meeting.addresses[0], LONG)
    stranger.send({"index": [1], "addresses": [*meeting.addresses]})
    meeting.begin(1)
    assert meeting.said[1] == f"The chief ({meeting.addresses[0]}) ended: The disk is full."
    chief.join(LONG)
    assert not chief.is_alive()
    stranger.close()


def test_a_chief_that_cannot_begin_does_not_stay_for_ever(meeting):
    began = time.monotonic()
    stays_to_tell(meeting.addresses, "The disk is full.", SHORT)
    assert time.monotonic() - began < 10


def test_a_worker_that_cannot_begin_tells_the_chief(meeting):
    worker = in_thread(tell_chief, Workers(meeting.addresses, 1), "There is no bfloat16.", LONG)
    meeting.begin(0)
    assert meeting.said[0] == f"Worker 1 ({meeting.addresses[1]}): There is no bfloat16."
    worker.join(LONG)
    assert not worker.is_alive()


def test_chief_and_worker_that_both_cannot_begin_do_not_wait(meeting):
    worker = in_thread(tell_chief, Workers(meeting.addresses, 1), "No such preset.", LONG)
    began = time.monotonic()
    stays_to_tell(meeting.addresses, "No such preset.", LONG)
    worker.join()
    assert time.monotonic() - began < LONG / 2


def test_who_has_been_sent_away_is_not_missing(meeting):
    """The chief tells the third worker, which comes later, that the second does not fit."""
    meeting.addresses += (f"127.0.0.1:{free_ports(1)[0]}",)
    chief = Chief(Workers(meeting.addresses, 0), meeting.greeting(0), print)
    worker = in_thread(meeting.come, 1, {"asked": {"epochs": "4"}})
    told = []
    with pytest.raises(CadlError, match="Epochs 4"):
        chief.gather(LONG, lambda _, missing, error: told.append((missing, str(error))))
    worker.join()
    ((missing, reason),) = told
    assert missing == {2}
    assert "Epochs 4" in reason


def test_a_worker_that_never_comes(meeting):
    meeting.wait = SHORT
    began = time.monotonic()
    meeting.begin(0)
    assert time.monotonic() - began < 10
    assert (
        meeting.said[0]
        == f"Worker 1 ({meeting.addresses[1]}) did not connect within 0.5 s; --wait changes that."
    )


def test_a_chief_that_never_comes(meeting):
    meeting.wait = SHORT
    meeting.begin(1)
    assert meeting.said[1].startswith(f"The chief ({meeting.addresses[0]}) was not reached within 0.5 s: ")


def test_a_machine_that_does_not_exist(meeting):
    meeting.wait = SHORT
    meeting.addresses = ("nowhere.invalid:2222", meeting.addresses[1])
    meeting.begin(1)
    assert "nowhere.invalid:2222) was not reached within 0.5 s: " in meeting.said[1]


def test_a_chief_whose_port_is_another_programs(meeting):
    meeting.wait = SHORT
    with socket.create_server(("", int(meeting.addresses[0].rpartition(":")[2]))):
        meeting.begin(0, 1)
    assert meeting.said[0].endswith("is in use.")
    assert meeting.said[1] == f"The chief ({meeting.addresses[0]}) did not answer within 0.5 s."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"versions": {**VERSIONS, "keras": "2"}}, "has Keras 2, the chief 3: all workers need the same."),
        ({"asked": {"epochs": "4"}}, "is asked for Epochs 4, the chief for 3: all need the same."),
    ],
)
def test_workers_that_differ(meeting, change, message):
    meeting.begin(0, 1, **change)
    assert meeting.said[0].endswith(message)
    assert meeting.said[1] == f"The chief ({meeting.addresses[0]}) ended: {meeting.said[0]}"


def test_a_port_in_use(meeting):
    port = int(meeting.addresses[1].rpartition(":")[2])
    with socket.create_server(("", port)):
        meeting.begin(1)
    assert (
        meeting.said[1] == f"Port {port} of this machine, for worker 1 ({meeting.addresses[1]}), is in use."
    )


def test_a_worker_whose_address_is_another_programs(meeting):
    """Worker 1 runs on this machine, but its address says that it is where another program listens."""
    with socket.create_server(("127.0.0.2", int(meeting.addresses[1].rpartition(":")[2]))):
        meeting.addresses = (meeting.addresses[0], meeting.addresses[1].replace("127.0.0.1", "127.0.0.2"))
        hidden = Workers((meeting.addresses[0], f"127.0.0.1:{free_ports(1)[0]}"), 1)
        chief = threading.Thread(target=meeting.come, args=(0, {}))
        chief.start()
        meeting.helper = Helper(hidden, meeting.greeting(1), LONG, print)
        with pytest.raises(CadlError, match="is not at its address: another program answers there"):
            meeting.helper.task()
        chief.join()
    assert "is not at its address" in meeting.said[0]


def reached(address):
    """A connection to a worker that is about to listen."""
    host, port = address.split(":")
    while True:
        try:
            return socket.create_connection((host, int(port)), LONG)
        except OSError:
            time.sleep(0.01)


STRANGERS = {
    "another object": b'{"what": "else"}\n',
    "another language": b"GET / HTTP/1.1\r\n\r\n",
    "infinity": b'{"index": Infinity, "addresses": [], "versions": {}, "asked": {}, "switches": []}\n',
    "a huge number": b'{"index": 1e999, "addresses": [], "versions": {}, "asked": {}, "switches": []}\n',
    "brackets": b"[" * 100_000 + b"\n",
    "another list": b'{"index": 1, "addresses": ["c:1"], "versions": {}, "asked": {}, "switches": []}\n',
    "another refusal": b'{"index": 1, "addresses": ["c:1"], "end": "It has ended."}\n',
    "half a line": b'{"index": 1',
    "nothing": b"",
}


@pytest.mark.parametrize("said", STRANGERS.values(), ids=STRANGERS)
def test_strangers_disturb_nobody(meeting, said):
    """So many that they could not be waited for one after the other; they stay until all have met."""
    chief = threading.Thread(target=meeting.begin, args=(0,))
    chief.start()
    strangers = [reached(meeting.addresses[0]) for _ in range(13)]
    for stranger in strangers:
        stranger.sendall(said)
    meeting.begin(1)
    chief.join()
    for stranger in strangers:
        stranger.close()
    assert not meeting.said
    assert meeting.chief is not None
    assert meeting.helper is not None


def test_a_stranger_at_another_worker_disturbs_nobody(meeting):
    """Who says nothing there, before the chief tries whether it reaches this worker."""
    worker = threading.Thread(target=meeting.begin, args=(1,))
    worker.start()
    strangers = [reached(meeting.addresses[1]) for _ in range(3)]
    meeting.begin(0)
    worker.join()
    for stranger in strangers:
        stranger.close()
    assert not meeting.said
    assert meeting.helper is not None


def test_a_worker_with_another_list_is_told_and_named_once_the_time_is_over(meeting):
    meeting.wait = 3 * SHORT
    meeting.begin(0, 1, addresses=(meeting.addresses[0], "c:1"))
    others = f"{meeting.addresses[0]}, c:1"
    assert meeting.said[0] == (
        f"Worker 1 ({meeting.addresses[1]}) did not connect within 1.5 s, "
        f"but one with another list: {others}; --wait changes that."
    )
    assert meeting.said[1] == (
        f"The chief ({meeting.addresses[0]}) ended: {others} is another list of workers than the chief’s."
    )
