"""Of the traced functions, those that are used are retained; where a hand may wait, a thread traces them."""

import gc
import threading
import weakref
from functools import partial

import numpy as np
import pytest
from described import described
from PySide6.QtWidgets import QApplication

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Classify, Decode, Encode, ListOperations, Reconstruct
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.engine.inference_worker import InferenceWorker
from cadl_gui.inference import stateless_network
from cadl_gui.inference.inference_service import InferenceService
from cadl_gui.inference.stateless_network import StatelessNetwork
from cadl_gui.inference.traced_functions import TracedFunctions
from cadl_gui.models import build

pytestmark = pytest.mark.tf

SHAPE = (4, 4, 1)
CONFIG = RunConfig.of(preset="test", layers=(5, 2))
IMAGES = np.random.default_rng(1).random((3, *SHAPE), np.float32)
ENCODE, RECONSTRUCT = Encode("run", None, IMAGES), Reconstruct("run", None, IMAGES)
DECODE = Decode("run", None, np.zeros((3, 2), np.float32))


class Traces(list):
    """References to the functions that were traced; while `free` is cleared, tracing does not end."""

    def __init__(self):
        self.free, self.begun, self.threads = threading.Event(), threading.Semaphore(0), []
        self.free.set()

    def trace(self, trace, *arguments):
        self.begun.release()
        assert self.free.wait(20)
        function = trace(*arguments)
        self.append(weakref.ref(function))
        self.threads.append(threading.current_thread().name)
        return function


@pytest.fixture
def traced(monkeypatch):
    traces = Traces()
    monkeypatch.setattr(stateless_network, "stateless", partial(traces.trace, stateless_network.stateless))
    yield traces
    traces.free.set()


def alive(references):
    gc.collect()
    return [reference() is not None for reference in references]


def test_the_least_recently_used_one_is_dropped_and_traced_again(traced):
    network, weights = StatelessNetwork(CONFIG.model, SHAPE, 0, TracedFunctions(2)), build(CONFIG, SHAPE, 0)
    first = network.respond(weights.weights_by_path, ENCODE)
    for request in (RECONSTRUCT, ENCODE, DECODE):
        network.respond(weights.weights_by_path, request)
    assert alive(traced) == [True, False, True]
    np.testing.assert_array_equal(network.respond(weights.weights_by_path, ENCODE), first)
    assert len(traced) == 3
    network.respond(weights.weights_by_path, RECONSTRUCT)
    assert alive(traced) == [True, False, False, True]


def test_networks_share_the_bound_but_no_function(traced):
    functions = TracedFunctions(2)
    wider = CONFIG.replace(layers=(7, 2))
    for config in (CONFIG, wider, CONFIG):
        network = StatelessNetwork(config.model, SHAPE, 0, functions)
        assert network.respond(build(config, SHAPE, 0).weights_by_path, ENCODE).shape == (3, 2)
    assert alive(traced) == [False, True, True]


def test_a_network_that_is_unregistered_is_freed():
    functions = TracedFunctions()
    network = StatelessNetwork(CONFIG.model, SHAPE, 0, functions)
    network.respond(build(CONFIG, SHAPE, 0).weights_by_path, ENCODE)
    functions.forget(network)
    gone = weakref.ref(network)
    del network
    gc.collect()
    assert gone() is None


@pytest.fixture
def worker(qapp):
    """A worker with two runs, and the numbers and messages of its replies."""
    service, replies = InferenceService(), []
    for n in (2, 3):
        config = CONFIG.replace(layers=(5, n))
        service.register(described(f"run {n}", config, SHAPE))
        weights = build(config, SHAPE, 0).weights_by_path
        service.update(f"run {n}", Snapshot(Position(1), weights), True)
    worker = InferenceWorker(lambda: service)
    worker.replied.connect(lambda reply: replies.append((reply.number, reply.message)))
    worker.load()
    lowered = threading.Thread(target=worker.complete)  # whose priority it lowers
    lowered.start()
    lowered.join()
    yield worker, replies
    worker.close()


def test_while_a_function_is_traced_those_that_are_there_are_answered(qtbot, worker, traced):
    """The first question to a run that trains must not hold up the hand in another one."""
    worker, replies = worker
    worker.respond(1, Reconstruct("run 2", None, IMAGES))
    qtbot.waitUntil(lambda: len(replies) == 1)
    traced.free.clear()
    worker.respond(2, Reconstruct("run 3", None, IMAGES))
    worker.respond(3, ListOperations("run 3", None))
    worker.respond(4, Classify("run 3", None, IMAGES))
    worker.respond(5, Reconstruct("run 2", None, IMAGES))
    assert all(traced.begun.acquire(timeout=60) for _ in range(2))
    worker.respond(6, Reconstruct("run 3", None, IMAGES))
    QApplication.processEvents()
    assert [number for number, _ in replies] == [1, 5], "no other question waits for the thread"
    traced.free.set()
    qtbot.waitUntil(lambda: len(replies) == 6)
    assert sorted(number for number, _ in replies) == [1, 2, 3, 4, 5, 6]
    assert {number for number, message in replies if message} == {4}, "an autoencoder cannot classify"
    assert traced.threads == ["tracing_0"] * 2, "each function once"


def test_a_run_that_is_removed_while_it_is_traced_is_asked_no_more(qtbot, worker, traced):
    worker, replies = worker
    traced.free.clear()
    for number, kind in enumerate((Reconstruct, Encode)):
        worker.respond(number, kind("run 2", None, IMAGES))
    assert traced.begun.acquire(timeout=60)
    threading.Timer(0.05, traced.free.set).start()
    worker.unregister("run 2")
    assert len(traced) == 1, "the network is taken apart only after what was being traced; no more is"
    qtbot.waitUntil(lambda: len(replies) == 2)
    assert {message for _, message in replies} == {"This run is not open."}
    worker.respond(3, Reconstruct("run 3", None, IMAGES))
    qtbot.waitUntil(lambda: len(replies) == 3)
    assert replies[-1] == (3, "")
