"""However requests are sent, answered, bent and cancelled: no answer is stale, and the newest one arrives."""

import dataclasses

import numpy as np
import pytest
from answerer import Answerer, decoder
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from PySide6.QtCore import QObject

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Decode, FetchSnapshot, FetchTestImage, NetworkRequest
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.engine.weights_ref import WeightsRef

RUNS, KINDS = ("a", "b"), ("snapshot", "decode", "picture")
MUTED = scaled((), Part("latent", 0), 0.0)
CODES = np.zeros((1, 2), np.float32)


def request(kind, run_id, position):
    """A request of one of three classes, the last of which is about a dataset."""
    if kind == "snapshot":
        return FetchSnapshot(run_id, position)
    return Decode(run_id, position, CODES) if kind == "decode" else FetchTestImage(run_id, 0)


class Owner(QObject):
    """Sends requests, and records the numbers of those that were answered, in order."""

    def __init__(self, engine, *, is_about_what_it_shows):
        super().__init__()
        self.engine = engine
        self.shown = decoder(1, run_id="a")
        about = self.weights if is_about_what_it_shows else None
        self.client = InferenceClient(engine.inference, self, about)
        self.is_picky = is_about_what_it_shows
        self.questions, self.reported = [], []

    def weights(self):
        return dataclasses.replace(self.shown, bends=self.engine.bending.of(self.shown.run_id))

    def ask(self, kind, *, competes=True):
        number, asked = len(self.questions), request(kind, self.shown.run_id, self.shown.position)
        self.questions.append((kind, self.shown, competes))

        def on_answer(value, position):
            self.check(number, value, position)
            self.reported.append(number)

        self.client.ask(asked, on_answer, lambda _: self.reported.append(number), competes=competes)

    def check(self, number, value, position):
        """Compare the value with the request, including bends, as seen by the inference side."""
        kind, shown, _ = self.questions[number]
        assert value.run_id == shown.run_id
        if isinstance(value, NetworkRequest):
            assert value.bends == self.engine.bending.of(value.run_id), "a network that was bent otherwise"
        if self.is_picky:
            assert value.run_id == self.shown.run_id, "a run that is not shown any more"
            if kind != "picture" and self.shown.position is not None:
                assert position == self.shown.position, "a position that was left"


class Talk(RuleBasedStateMachine):
    """Two owners that send requests, and an inference side that answers them in any order."""

    owners = Bundle("owners")

    def __init__(self):
        super().__init__()
        self.engine = Answerer()
        self.all = []

    @initialize(target=owners, is_picky=st.booleans())
    def first(self, is_picky):
        return self.add(is_picky)

    @rule(target=owners, is_picky=st.booleans())
    def another(self, is_picky):
        return self.add(is_picky)

    def add(self, is_picky):
        self.all.append(Owner(self.engine, is_about_what_it_shows=is_picky))
        return self.all[-1]

    @rule(owner=owners, kind=st.sampled_from(KINDS), competes=st.booleans())
    def ask(self, owner, kind, competes):
        owner.ask(kind, competes=competes)

    @rule(owner=owners, run_id=st.sampled_from(RUNS), epoch=st.sampled_from([None, 1, 2]))
    def show(self, owner, run_id, epoch):
        position = None if epoch is None else Position(epoch)
        owner.shown = WeightsRef(run_id, position, position or Position(2), is_training=False)

    @rule(run_id=st.sampled_from(RUNS))
    def bend(self, run_id):
        self.engine.bending.bend(run_id, () if self.engine.bending.of(run_id) else MUTED)

    @rule(owner=owners)
    def cancel(self, owner):
        owner.client.cancel()

    @rule(owner=owners, active=st.booleans())
    def look(self, owner, active):
        owner.client.set_active(active)

    @rule(data=st.data(), fails=st.booleans())
    def answer(self, data, fails):
        if self.engine.waiting:
            i = data.draw(st.integers(0, len(self.engine.waiting) - 1))
            self.reply(self.engine.waiting[i], "It cannot be computed." if fails else "")

    def reply(self, asked, message=""):
        position = None if isinstance(asked, FetchTestImage) else asked.position or Position(2)
        self.engine.reply(asked, asked, position, message)

    @invariant()
    def nobody_is_notified_twice(self):
        for owner in self.all:
            assert len(set(owner.reported)) == len(owner.reported)

    @invariant()
    def of_one_class_answers_come_in_the_order_of_the_questions(self):
        for owner in self.all:
            for kind in KINDS:
                numbers = [
                    n for n in owner.reported if owner.questions[n][0] == kind and owner.questions[n][2]
                ]
                assert numbers == sorted(numbers)

    def teardown(self):
        """When all owners are visible and all requests are answered, each has the newest valid answer."""
        for owner in self.all:
            owner.client.set_active(True)
        while self.engine.waiting:
            self.reply(self.engine.waiting[0])
        for owner in self.all:
            assert not owner.client.is_asking()
            n_reported = len(owner.reported)
            owner.ask("decode")
            while self.engine.waiting:
                self.reply(self.engine.waiting[0])
            assert len(owner.reported) == n_reported + 1


Talk.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
TestTalk = Talk.TestCase


@pytest.fixture
def engine(qapp):
    return Answerer()


@pytest.fixture
def reported():
    return []


@pytest.fixture
def ask(engine, reported):
    """Send a request for the weights of a run for an owner that shows none."""
    client = InferenceClient(engine.inference, engine)

    def ask(run_id, **keywords):
        return client.ask(
            FetchSnapshot(run_id, None), lambda value, _: reported.append(value), reported.append, **keywords
        )

    ask.client = client
    return ask


def test_while_one_is_on_its_way_only_the_newest_waits(engine, ask):
    for run_id in "abc":
        ask(run_id)
    assert [asked.run_id for asked in engine.asked] == ["a"]
    engine.reply(engine.waiting[0], "of a")
    assert [asked.run_id for asked in engine.asked] == ["a", "c"]


def test_the_answer_on_its_way_comes_although_a_newer_question_waits(engine, ask, reported):
    """Otherwise, a drag that is faster than the answers would show nothing."""
    ask("a")
    ask("b")
    engine.reply(engine.waiting[0], "of a")
    assert reported == ["of a"]


def test_what_does_not_compete_is_answered_in_any_case(engine, ask, reported):
    for run_id in "abc":
        ask(run_id, competes=False)
    while engine.waiting:
        engine.reply(engine.waiting[0], engine.waiting[0].run_id)
    assert reported == ["a", "b", "c"]


def test_what_was_cancelled_is_not_reported(engine, ask, reported):
    ask("a")
    ask("b")
    ask.client.cancel(Decode)
    assert ask.client.is_asking(FetchSnapshot), "nothing of this kind was cancelled"
    ask.client.cancel(FetchSnapshot)
    assert not ask.client.is_asking()
    while engine.waiting:
        engine.reply(engine.waiting[0], "late")
    assert reported == []
    assert [asked.run_id for asked in engine.asked] == ["a"], "what only waited is not asked at all"


def test_a_failure_is_reported_in_the_place_of_the_answer(engine, ask, reported):
    ask("a")
    engine.reply(engine.waiting[0], message="This run is not open.")
    assert reported == ["This run is not open."]


def test_an_answer_of_the_network_before_a_bend_never_comes(engine, ask, reported):
    """The request is sent again instead, so that it is answered."""
    ask("a")
    engine.bending.bend("a", MUTED)
    engine.reply(engine.waiting[0], "as it was")
    assert reported == []
    assert engine.waiting[0].bends == MUTED
    engine.reply(engine.waiting[0], "as it is bent")
    assert reported == ["as it is bent"]


def test_a_newer_question_goes_instead_of_one_that_no_longer_holds(engine, ask, reported):
    ask("a")
    ask("a")
    ask("b")
    engine.bending.bend("a", MUTED)
    engine.reply(engine.waiting[0], "as it was")
    engine.reply(engine.waiting[0], "of b")
    assert not ask.client.is_asking()
    assert (reported, engine.waiting) == (["of b"], [])


def test_while_hidden_the_newest_request_waits(engine, ask):
    ask.client.set_active(False)
    ask("a")
    ask("b")
    assert engine.asked == []
    ask.client.set_active(True)
    assert [asked.run_id for asked in engine.asked] == ["b"]


def test_requests_that_no_longer_apply_are_not_sent(engine):
    owner = Owner(engine, is_about_what_it_shows=True)
    owner.ask("snapshot")
    owner.ask("snapshot")
    owner.shown = decoder(1, run_id="b")
    engine.reply(engine.waiting[0], "late")
    assert len(engine.asked) == 1
    assert not owner.client.is_asking()


def test_a_deleted_owner_receives_nothing(qtbot, engine, reported):
    owner = QObject()
    client = InferenceClient(engine.inference, owner)
    client.ask(FetchSnapshot("a", None), lambda value, _: reported.append(value))
    owner.deleteLater()
    with qtbot.waitSignal(owner.destroyed):
        pass
    engine.reply(engine.waiting[0], "late")
    assert reported == []


def test_once_it_is_closed_nothing_is_reported(engine, ask, reported):
    ask("a")
    engine.inference.close()
    engine.reply(engine.waiting[0], "late")
    assert reported == []


def test_client_of_networks_as_they_were_trained_is_answered_without_bends(engine, reported):
    """A bend that comes meanwhile is no reason to ask again."""
    client = InferenceClient(engine.inference, None, is_bent=False)
    engine.bending.bend("a", MUTED)
    client.ask(Decode("a", Position(1), CODES), lambda value, _: reported.append(value))
    assert engine.waiting[0].bends == ()
    engine.bending.bend("a", ())
    engine.bending.bend("a", MUTED)
    engine.reply(engine.waiting[0], "as it was trained")
    assert (reported, engine.waiting) == (["as it was trained"], [])
