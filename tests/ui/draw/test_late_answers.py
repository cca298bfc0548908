"""What is asked about a drawing, or of a run, is dropped once another one is there before the answer."""

import fakes
import numpy as np
import pytest
from answerer import Answerer, Runs, decoder
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.drawing import Drawing
from cadl_gui.domain.evidence import Evidence
from cadl_gui.domain.history import History
from cadl_gui.domain.position import UNTRAINED
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Classify, FindEvidence, FindNearest
from cadl_gui.engine.run import Run
from cadl_gui.imaging.drawing.seen import Seen
from cadl_gui.ui.draw.answer_area import AnswerArea
from cadl_gui.ui.draw.drawing_analyses import DrawingAnalyses
from cadl_gui.ui.draw.fool_panel import FoolPanel

pytestmark = pytest.mark.gui

MUTED = scaled((), Part("logits", 1), 0.0)


class OpenRuns(Runs):
    """Two classifiers."""

    def __init__(self):
        super().__init__()
        config = preset("softmax").config
        self.open = [
            Run(letter, fakes.description(letter, config, name=letter), History(10), [UNTRAINED])
            for letter in "AB"
        ]

    def __iter__(self):
        return iter(self.open)

    def key(self, run):
        """The key of a run."""
        return run.run_id


class AboutDrawings(Answerer):
    """Answers are known by their image: its mean is in them."""

    def __init__(self):
        super().__init__()
        self.runs = OpenRuns()
        for run in self.runs:
            self.view.listed.add(run)

    def value_of(self, request):
        if isinstance(request, FindNearest):
            found = fakes.nearest_of_part(request.part, request.by_latent)
            return type(found)(found.images, found.labels, found.distances + 100 * request.image.mean(),
                               found.is_last)  # fmt: skip
        if isinstance(request, FindEvidence):
            return Evidence(
                np.full((10, 28, 28, 1), request.image.mean(), np.float32), np.zeros(10, np.float32)
            )
        probabilities = np.zeros((len(request.images), 10), np.float32)
        probabilities[:, round(10 * float(request.images.mean()))] = 1
        return probabilities


class Shown(QObject):
    """A tab that shows one of the runs."""

    run_changed = Signal()
    position_changed = Signal()
    arrived = Signal(object, object)
    position, is_active = None, True

    def __init__(self, engine, run):
        super().__init__(engine)
        self.run = run

    @property
    def weights(self):
        return decoder(0, run_id=self.run.run_id, trains=True)

    def move(self):
        """Show other weights."""
        self.position_changed.emit()

    def show(self, run):
        """Show another run."""
        self.run = run
        self.run_changed.emit()


def seen(grey, flips=(), before=None):
    """A drawing that networks see as one grey, and another one before pixels were flipped."""
    image, unflipped = (np.full((28, 28, 1), each, np.float32) for each in (grey, before or grey))
    return Seen(drawing=Drawing(flips=frozenset(flips)), clean=unflipped, unflipped=unflipped, image=image)


@pytest.fixture
def engine(qapp):
    return AboutDrawings()


@pytest.fixture
def shown(engine):
    return Shown(engine, engine.runs.open[0])


@pytest.fixture
def analyses(engine, shown):
    return DrawingAnalyses(engine, shown, shown, engine)


def asked_of(engine, kind):
    return [each for each in engine.waiting if isinstance(each, kind)]


def answer_until(engine, kind):
    """Answer all but the first request of a class, which stays in flight."""
    while not asked_of(engine, kind):
        engine.answer()
    return asked_of(engine, kind)[0]


@pytest.fixture
def draw(qtbot, engine):
    """Shows a drawing and lets the pointer rest, after which networks are asked."""

    def draw(drawing):
        engine.view.show_drawing(drawing)
        qtbot.waitUntil(lambda: bool(engine.waiting))

    return draw


def test_evidence_is_of_the_run_that_answers_now(engine, shown, analyses, draw):
    found = []
    analyses.evidence_found.connect(lambda run, *_: found.append(run.letter))
    draw(seen(0.3))
    first, second = engine.runs.open
    for other in (second, first, second):
        request = answer_until(engine, FindEvidence)
        found.clear()
        shown.show(other)
        engine.reply(request, engine.value_of(request))
        assert found == []
        answer_until(engine, FindEvidence)
        engine.answer()
        assert found == [other.letter]
        engine.answer_all()
        for again in (second if other is first else first, other):
            shown.show(again)
            answer_until(engine, FindEvidence)
            engine.answer_all()
            assert found[-1] == again.letter, "of the one before, nothing is kept"
        draw(seen(0.3 if other is first else 0.6))


def test_each_point_of_a_stroke_has_the_other_answers_and_the_last_one_its_evidence(
    qtbot, engine, shown, analyses, draw
):
    draw(seen(0.1))
    engine.answer_all()
    for greys in ((0.2, 0.3, 0.4), (0.5, 0.6)):
        engine.asked.clear()
        for grey in greys:
            engine.view.show_drawing(seen(grey))
            for _ in range(3):  # answers about the point before, and about this one
                shown.arrived.emit(None, None)
                engine.answer_all()
        assert {type(request) for request in engine.asked} == {Classify}, "it asks while the pen moves"
        assert len(engine.asked) == len(greys) * len(engine.runs.open)
        qtbot.waitUntil(lambda: bool(engine.waiting))
        engine.answer_all()
        about = [request.image.mean() for request in engine.asked if isinstance(request, FindEvidence)]
        assert about == pytest.approx([greys[-1]])


def test_nearest_images_are_those_of_the_drawing_that_is_there_now(engine, analyses, draw):
    nearest = []
    analyses.compared.connect(lambda found: nearest.append(found.nearest.distances.min()))
    draw(seen(0.3))
    for grey in (0.6, 0.1, 0.4):
        answer_until(engine, FindNearest)
        engine.answer()  # the first part is found, the second one is in flight
        engine.view.show_drawing(seen(grey))
        nearest.clear()
        engine.answer()
        assert nearest == []
        draw(seen(grey))
        engine.answer_all()
        assert nearest == pytest.approx([100 * grey], abs=0.01)
        draw(seen(grey + 0.1))


def test_weights_that_refuse_are_asked_once_until_they_are_others(engine, shown, analyses, draw):
    first, failed = engine.runs.open[0], []
    engine.notifications.unanswered.connect(failed.append)

    def refuse(grey):
        """Show a drawing; returns whether the first run was asked what it is."""
        draw(seen(grey))
        is_asked = False
        while engine.waiting:
            is_first = isinstance(engine.waiting[0], Classify) and engine.waiting[0].run_id == first.run_id
            is_asked |= is_first
            engine.answer("It is damaged." if is_first else "")
        return is_asked

    shown.show(engine.runs.open[1])
    assert [refuse(grey) for grey in (0.1, 0.2, 0.3)] == [True, False, False]
    engine.bending.bend(first.run_id, MUTED)
    assert [refuse(grey) for grey in (0.1, 0.2, 0.3)] == [True, False, False]
    engine.bending.bend(first.run_id, ())
    assert not refuse(0.4)
    assert failed == ["A: It is damaged."]


@pytest.fixture
def fooled(qtbot, engine, theme, shown):
    """The section *Fool it*."""
    panel = FoolPanel(engine, theme, shown)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def test_the_answers_before_and_after_are_of_the_run_and_the_drawing_shown(engine, shown, fooled):
    view = fooled.findChild(QWidget, "flipsView")

    def told():
        return view.accessibleDescription().split(" → ")

    first, second = engine.runs.open
    for run, other in ((first, second), (second, first)):
        engine.view.show_drawing(seen(0.4, {(1, 2)}, before=0.2))
        fooled.show_answer(np.eye(10, dtype=np.float32)[4])
        engine.answer_all()
        assert told() == ["2, 100.0 %", "4, 100.0 %, 1 pixel changed"]
        shown.show(other)
        assert told() == ["1 pixel changed"], "what the run before says is gone"
        shown.move()
        engine.answer_all()
        assert told() == ["2, 100.0 %", "1 pixel changed"]
        shown.move()
        engine.view.show_drawing(seen(0.2))  # undone while the question is in flight
        engine.answer_all()
        fooled.show_answer(np.eye(10, dtype=np.float32)[7])
        assert told() == ["7, 100.0 %"]
        engine.view.show_drawing(seen(0.9, {(1, 2)}, before=0.8))
        assert len(told()) == 1, "before is of another drawing"
        engine.answer_all()
        assert told()[0] == "8, 100.0 %"
        engine.view.show_drawing(seen(0.2))
        shown.show(run)
        shown.show(other)


def test_a_prediction_is_of_what_is_shown_now_and_not_of_the_drawing_weights_or_run_before(engine, theme):
    view, area = engine.view, AnswerArea(theme, engine.view, engine)
    first, second = engine.runs.open
    area.set_run(first)
    assert area.prediction == ""
    for grey, label in ((0.3, 3), (0.7, 7)):
        for change in (
            lambda grey=grey: view.show_drawing(seen(grey)),
            lambda: area.set_source(UNTRAINED),
            lambda: area.set_run(second),
            lambda: area.set_run(first),
        ):
            change()
            assert area.prediction == ""
            area.show_answer(np.eye(10, dtype=np.float32)[label])
            assert area.prediction == str(label)
        area.show_nothing()
        assert area.prediction == ""
