"""However often it is asked anew, hidden and answered: what arrives is of its subject, in order and whole."""

import weakref
from contextlib import suppress

import numpy as np
import pytest
from answerer import Answerer, decoder
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PySide6.QtCore import QObject
from shiboken6 import delete

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Decode, FetchSnapshot
from cadl_gui.engine.question import Question, answers_to
from cadl_gui.system.garbage import gc_paused

MUTED = scaled((), Part("latent", 0), 0.0)
N = 3
"""Requests of which the answers are shown together, after one that is shown by itself."""

CODES = np.zeros((1, 2), np.float32)


class Walk(RuleBasedStateMachine):
    """A question about an epoch: a snapshot, which may be refused, and then images, which must not be."""

    def __init__(self):
        super().__init__()
        self.engine, self.owner = Answerer(), QObject()
        self.question = Question(self.engine, self.owner, self.asking, self.on_failure)
        self.epoch, self.begun, self.shown = None, 0, []
        self.turns_to, self.is_asked = None, False
        self.is_active, self.is_there = True, True

    async def asking(self, epoch):
        self.begun += 1
        number = self.begun
        self.show(number, epoch, "begun")
        try:
            snapshot, position = await FetchSnapshot("run", Position(epoch))
        except CadlError:
            self.show(number, epoch, "refused")
        else:
            assert (snapshot.position, position) == (Position(epoch), Position(epoch))
            self.show(number, epoch, "snapshot")
            if self.turns_to is not None:
                turns_to, self.turns_to = self.turns_to, None
                self.ask_anew(turns_to)  # as what hears of the answer may
        images = await answers_to(Decode("run", Position(epoch + i), CODES) for i in range(N))
        assert [image.position.epoch for image in images] == [epoch + i for i in range(N)]
        assert {image.bends for image in images} <= {(), MUTED}
        self.show(number, epoch, "images")

    def show(self, number, epoch, what):
        assert self.is_there, "it is gone"
        assert (number, epoch) == (self.begun, self.epoch), "about another subject, or asked before"
        self.shown.append((number, what))

    def on_failure(self, message):
        assert message == "Refused."
        self.show(self.begun, self.epoch, "failed")

    @rule(epoch=st.integers(1, 3))
    def turn(self, epoch):
        self.turns_to = epoch

    @precondition(lambda walk: walk.is_there)
    @rule(epoch=st.integers(1, 3))
    def ask_anew(self, epoch):
        begun, self.epoch, self.is_asked = self.begun, epoch, True
        self.question.ask_anew(epoch)
        assert self.begun == begun + 1

    @precondition(lambda walk: walk.is_there)
    @rule(epoch=st.integers(1, 3))
    def ask_about(self, epoch):
        begun, is_same = self.begun, (epoch, True) == (self.epoch, self.is_asked)
        self.epoch, self.is_asked = epoch, True
        self.question.ask_about(epoch)
        assert self.begun == begun + (not is_same), "it is asked about this already"

    @precondition(lambda walk: walk.is_there and walk.epoch is not None)
    @rule()
    def ask_more(self):
        begun, was_asking = self.begun, self.question.is_asking()
        self.question.ask_more()
        self.question.ask_more()
        assert self.begun == begun + (not was_asking), "what is under way is not dropped"

    @precondition(lambda walk: walk.is_there)
    @rule()
    def cancel(self):
        self.question.cancel()
        self.is_asked = False
        assert not self.question.is_asking()

    @precondition(lambda walk: walk.is_there)
    @rule(active=st.booleans())
    def look(self, active):
        n, self.is_active = len(self.engine.asked), active
        self.question.set_active(active)
        assert active or len(self.engine.asked) == n

    @rule(is_bent=st.booleans())
    def bend(self, is_bent):
        self.engine.bending.bend("run", MUTED if is_bent else ())

    @precondition(lambda walk: walk.engine.waiting)
    @rule(fails=st.booleans())
    def answer(self, fails):
        request, n, begun = self.engine.waiting[0], len(self.engine.asked), self.begun
        self.engine.reply(request, request, message="Refused." if fails else "")
        assert len(self.engine.asked) <= n + 1
        assert self.is_active or len(self.engine.asked) == n, "what is hidden asks nothing"
        assert self.begun <= begun + 1

    @precondition(lambda walk: walk.is_there and walk.begun > 3)
    @rule()
    def remove(self):
        delete(self.owner)
        self.is_there = False

    @invariant()
    def one_request_is_under_way(self):
        assert len(self.engine.waiting) <= 1

    def teardown(self):
        """Once it is seen, all of what it is about arrives, however it was asked before."""
        while self.engine.waiting:
            self.answer(fails=False)
        if self.is_there:
            self.turns_to = None
            self.look(True)
            self.ask_anew(7)
            self.ask_more()
            while self.engine.waiting:
                self.answer(fails=False)
            parts = ("begun", "snapshot", "images")
            assert self.shown[-6:] == [(n, what) for n in (self.begun - 1, self.begun) for what in parts]
            assert not self.question.is_asking()


Walk.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
TestWalk = Walk.TestCase


def test_in_a_drag_each_answer_is_shown_once_the_newest_request_is_on_its_way():
    """Of what waited, nothing else is asked; what is not about the weights shown is not shown, or asked."""
    engine, owner, seen, refused = Answerer(), QObject(), [], []
    shown = [decoder(1)]

    async def asking(epoch, then=None):
        answer, position = await Decode("run", Position(epoch), CODES)
        seen.append((epoch, answer, position.epoch, len(engine.asked)))
        if then is not None:
            then()
            await FetchSnapshot("run", position)

    question = Question(engine, owner, asking, refused.append, lambda: shown[0])
    for epoch, answered in ((1, "a"), (2, "b"), (1, "c")):
        shown[0] = decoder(epoch)
        for _ in range(4):
            question.follow(epoch)
        assert len(engine.waiting) == 1, "one at a time"
        n = len(engine.asked)
        engine.reply(engine.waiting[0], answered)
        assert seen.pop() == (epoch, answered, epoch, n + 1)
        question.follow(epoch)
        for _ in range(2):
            engine.reply(engine.waiting[0], message="Refused.")
            assert refused.pop() == "Refused."
        assert not question.is_asking()
    question.follow(1)
    shown[0] = decoder(2)
    question.follow(1)
    engine.reply(engine.waiting[0], "late")
    assert (seen, engine.waiting) == ([], [])
    for drop in (question.cancel, lambda: question.ask_anew(2)):
        question.follow(2)
        drop()
        engine.reply(engine.waiting[0], "dropped")
        assert (seen, len(engine.waiting)) == ([], question.is_asking())
    engine.reply(engine.waiting[0], "anew")
    question.follow(2, question.cancel)
    engine.reply(engine.waiting[0], "last")
    assert [answer for _, answer, *_ in seen] == ["anew", "last"]
    assert engine.waiting == [], "what cancels itself asks nothing more"


class Page(QObject):
    """Asks, as pages do, with a coroutine of its own."""

    def __init__(self, engine):
        super().__init__()
        self.question = Question(engine, self, self.asking, lambda _: None)

    async def asking(self):
        with suppress(CadlError):
            await FetchSnapshot("run", Position(1))
        await FetchSnapshot("run", Position(2))


@pytest.mark.parametrize("how", ["answered", "refused", "in flight", "waiting"])
def test_a_question_keeps_no_page_that_is_gone(how):
    """A closed window lived on: in what was asked and not yet sent, and in the traceback of a refusal."""
    engine = Answerer()
    page = Page(engine)
    page.question.set_active(how != "waiting")
    page.question.ask_anew()
    for _ in range(2 if how in {"answered", "refused"} else 0):
        engine.reply(engine.waiting[0], message="" if how == "answered" else "Refused.")
    kept = weakref.ref(page)
    with gc_paused():
        delete(page)
        del page
        assert kept() is None
