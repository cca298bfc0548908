"""What stands beside the answer: the same drawing through every run, the evidence, the nearest digits."""

from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cadl_gui.domain.bends import Bends
from cadl_gui.domain.nearest import NearestImages
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.requests import (
    Classify,
    Encode,
    FetchSnapshot,
    FindEvidence,
    FindNearest,
    Reconstruct,
    Request,
)
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.engine.run import Run
from cadl_gui.ui.draw.drawing_classifier import DrawingClassifier
from cadl_gui.ui.draw.nearest_search import NearestSearch
from cadl_gui.ui.draw.preprocessed_drawing import PreprocessedDrawing, takes_drawings
from cadl_gui.ui.tab_run import TabRun

_REST_MS = 50
"""Without a movement for so long, the hand rests."""

_Kind = type[Request[Any]]


class _Moment(NamedTuple):
    """What an answer depends on besides the run and the question."""

    image: int
    position: Position
    bends: Bends


_NEVER = _Moment(-1, UNTRAINED, ())


class DrawingAnalyses(QObject):
    """Asks one question at a time and, while the hand moves, only one after each answer to the hand.

    So the next answer finds the inference thread free. What was asked about the oldest image comes first;
    the training digits, which take some fifteen questions or more, when the hand rests.

    Args:
        engine: that is asked.
        shown: the classifier whose answer is explained.
        image: what is asked about.
        answers: that go first.

    Signals:
        run_answered: (`Run`, `Request`, answer, `Position`) to a `Classify`, `Reconstruct`, `Encode` or
            `FetchSnapshot`, and the position of the weights that gave it.
        not_answered: (`Run`, `Request`) what was said before to such a question, or to `FindEvidence`, does
            not hold, and there is nothing new.
        evidence_found: (`Run`, `Evidence`) why the classifier answers as it does.
        compared: (`Found`) the nearest of all training digits.
        failed: (str) why something could not be computed; once for each run and question.
    """

    run_answered = Signal(object, object, object, object)
    not_answered = Signal(object, object)
    evidence_found = Signal(object, object)
    compared = Signal(object)
    failed = Signal(str)

    def __init__(
        self,
        engine: Engine,
        shown: TabRun,
        image: PreprocessedDrawing,
        answers: DrawingClassifier,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._shown = shown
        self._image = image
        self._number = 0
        self._client = InferenceClient(engine.inference, self)
        self._answered: dict[tuple[str, _Kind], _Moment] = {}
        self._refused: dict[tuple[str, _Kind], set[tuple[Position, Bends]]] = {}
        self._search = NearestSearch()
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._ask_next)
        image.changed.connect(self._on_image)
        answers.arrived.connect(self._ask_next)
        for moved in (engine.runs.added, engine.runs.changed, engine.view.position_changed):
            moved.connect(self._ask_next)
        shown.run_changed.connect(self._on_run)
        shown.position_changed.connect(self._ask_next)

    @Slot(object)
    def set_coder(self, coder: Run | None) -> None:
        """Compare training digits by the latent vector of an autoencoder, or over pixels only."""
        self._search.coder = coder
        self._search.restart()
        self._ask_next()

    @Slot()
    def _on_image(self) -> None:
        self._number += 1
        self._search.restart()
        self._rest.start()

    @Slot()
    def _on_run(self) -> None:
        """Another run may have learned from other digits."""
        self._search.restart()
        self._ask_next()

    @Slot()
    def _ask_next(self) -> None:
        if self._client.is_asking() or self._image.seen is None or not self._shown.is_active:
            return
        question = self._next_question()
        if question is not None:
            self._client.ask(
                question[1],
                partial(self._on_answer, self._number, *question),
                partial(self._on_failure, self._number, *question),
            )

    def _next_question(self) -> tuple[Run, Request[Any]] | None:
        """About the image first, then the training digits, then what only a training has moved on."""
        due = self._due()
        if due is None or due[0] == self._number:
            part = self._next_part()
            if part is not None:
                return part
        if due is None:
            return None
        _, run, kind = due
        self._answered[run.run_id, kind] = self._now(run, kind)
        return run, self._question(run, kind)

    def _next_part(self) -> tuple[Run, FindNearest] | None:
        run, seen = self._shown.run, self._image.seen
        if run is None or seen is None or self._rest.isActive():
            return None
        return self._search.question(run, self._engine.view, seen)

    def _due(self) -> tuple[int, Run, _Kind] | None:
        """The oldest answer that no longer holds: number of its image, and whose answer to what it is."""
        due: list[tuple[int, Run, _Kind]] = []
        for run in self._engine.runs:
            for kind in self._kinds_for(run):
                before, now = self._answered.get((run.run_id, kind), _NEVER), self._now(run, kind)
                refused = self._refused.get((run.run_id, kind), ())
                if before != now and (now.position, now.bends) not in refused:
                    # Snapshots can wait: they say nothing about the image.
                    number = self._number if kind is FetchSnapshot else before.image
                    due.append((number, run, kind))
        return min(due, key=lambda question: question[0], default=None)

    def _question(self, run: Run, kind: _Kind) -> Request[Any]:
        seen, position = self._image.seen, self._engine.view.position_of(run)
        assert seen is not None, "there is an image to ask about"
        if kind is FindEvidence:
            return FindEvidence(run.run_id, position, seen)
        if kind is FetchSnapshot:
            return FetchSnapshot(run.run_id, self._now(run, kind).position)
        return kind(run.run_id, position, seen[None])  # type: ignore[call-arg] # the others take images

    def _now(self, run: Run, kind: _Kind) -> _Moment:
        position = self._engine.view.position_of(run) or run.newest
        bends = self._engine.bending.of(run.run_id)
        if kind is not FetchSnapshot:
            return _Moment(self._number, position, bends)
        # What is kept beside the weights depends on no drawing, and is there for recorded positions only.
        retained = run.retained_until(position)
        return _NEVER if retained is None else _Moment(0, retained, bends)

    def _kinds_for(self, run: Run) -> Iterable[_Kind]:
        about = run.description
        if not takes_drawings(about):
            return ()
        if about.config.model.is_classifier:
            return (Classify, FindEvidence) if run is self._shown.run and not about.is_graph else (Classify,)
        if about.config.model.is_variational:
            return (Reconstruct, Encode, FetchSnapshot)
        return (Reconstruct,)

    def _on_answer(
        self, number: int, run: Run, request: Request[Any], answer: Any, position: Position | None
    ) -> None:
        """Take what was answered about the image of that number."""
        if isinstance(request, FindNearest):
            if number == self._number:
                self._compare(request, answer)
        elif run in self._engine.runs and self._image.seen is not None:
            if isinstance(request, FindEvidence):
                self.evidence_found.emit(run, answer)
            else:
                self.run_answered.emit(run, request, answer, position)
        self._ask_next_one()

    def _on_failure(self, number: int, run: Run, request: Request[Any], message: str) -> None:
        if not isinstance(request, FindNearest):
            self._refuse(run, request, message)
        elif number == self._number:
            self._search.stop()
            self.failed.emit(message)
        self._ask_next_one()

    def _ask_next_one(self) -> None:
        """The next question, unless the hand moves: then the answer to the hand comes first."""
        if not self._rest.isActive():
            self._ask_next()

    def _refuse(self, run: Run, request: Request[Any], message: str) -> None:
        """Ask no more with these weights: they would fail again at every movement of the hand."""
        if run not in self._engine.runs:
            return
        question = run.run_id, type(request)
        asked = self._answered[question]
        is_first = question not in self._refused
        self._refused.setdefault(question, set()).add((asked.position, asked.bends))
        self.not_answered.emit(run, request)
        if is_first:
            self.failed.emit(f"{run.description.name}: {message}")

    def _compare(self, request: FindNearest, nearest: NearestImages) -> None:
        """Take one part's nearest; the next question is about the next part."""
        found = self._search.handle(request, nearest)
        if found is not None:
            self.compared.emit(found)
