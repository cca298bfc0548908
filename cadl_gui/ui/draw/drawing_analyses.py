"""Analyses of a drawing beside the answer: the results of other runs, evidence, and nearest images."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.bends import Bends
from cadl_gui.domain.errors import CadlError
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
from cadl_gui.engine.question import Question
from cadl_gui.engine.run import Run
from cadl_gui.imaging.drawing.seen import Seen
from cadl_gui.ui.controls.timer import Timer
from cadl_gui.ui.draw.drawing_answers import DrawingAnswers
from cadl_gui.ui.draw.nearest_search import NearestSearch, coder_of
from cadl_gui.ui.run_text import lacks_images
from cadl_gui.ui.tab_run import TabRun

_REST_MS = 50
"""Time without movement after which the pointer is considered at rest."""

_SETTLED_MS = 300
"""Latent vectors are compared anew so long after the timeline, or a bend, stopped moving."""

_Kind = type[Request[Any]]


class _Moment(NamedTuple):
    """What an answer depends on, apart from the run and the kind of request."""

    image: int
    position: Position
    bends: Bends


_NEVER = _Moment(-1, UNTRAINED, ())


class DrawingAnalyses(QObject):
    """Sends one request at a time and, during a stroke, only one after each answer of the run shown.

    This leaves the inference thread free for the next request to that run. The analysis with the oldest
    image comes first. The comparison with training images, some fifteen requests or more, waits until the
    pointer rests, and so does evidence, which takes longer than an answer, and its images longer to paint.

    Args:
        engine: answers the requests.
        shown: the run that answers; a classifier's answer is explained.
        answers: the requests to that run, which come first.
        parent: parent object.

    Signals:
        run_answered: (`Run`, `Request`, answer, `Position`) answer to a `Classify`, `Reconstruct`, `Encode`
            or `FetchSnapshot`, and the position of the weights that gave it.
        not_answered: (`Run`, `Request`) the earlier answer to such a request, or to `FindEvidence` or
            `FindNearest`, is no longer valid, and there is no new one.
        evidence_found: (`Run`, `Evidence`, (height, width, channels) float32) why the classifier answers as
            it does, and the image.
        compared: (`Found`) the nearest of all training images.
    """

    run_answered = Signal(object, object, object, object)
    not_answered = Signal(object, object)
    evidence_found = Signal(object, object, object)
    compared = Signal(object)

    def __init__(
        self,
        engine: Engine,
        shown: TabRun,
        answers: DrawingAnswers,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._shown = shown
        self._number = 0
        self._question = Question(engine, self, self._ask, lambda _: None)
        self._answered: dict[tuple[str, _Kind], _Moment] = {}
        self._refused: dict[tuple[str, _Kind], set[tuple[Position, Bends]]] = {}
        self._search = NearestSearch()
        self._coding: tuple[Position | None, Bends] | None = None
        self._settled = Timer(self, self._on_settled, _SETTLED_MS)
        self._rest = Timer(self, self._question.ask_more, _REST_MS)
        answers.arrived.connect(self._question.ask_more)
        view = engine.view
        view.bind(self, self._what_answers, self._question.ask_more)
        shown.run_changed.connect(self._on_run)
        shown.position_changed.connect(self._question.ask_more)
        view.bind(self, lambda: coder_of(engine), self._on_coder)
        view.bind(self, lambda: view.drawing, self._on_image)

    def _what_answers(self) -> tuple[object, ...]:
        view, runs = self._engine.view, [(run.description, run.weights) for run in self._engine.runs]
        return view.shown, view.value.of_run, runs, self._engine.training.status

    def _on_coder(self) -> None:
        """Compare latent vectors of another autoencoder as well, or pixels only."""
        self._search.coder = coder_of(self._engine)
        self._search.restart()
        self._coding = self._coding_now()
        self._question.ask_more()

    @property
    def _drawing(self) -> Seen:
        return self._engine.view.drawing

    def _suits(self, run: Run) -> bool:
        return self._drawing.suits(run.description)

    def _coding_now(self) -> tuple[Position | None, Bends] | None:
        """Return what the latent vectors depend on; the newest weights of a training are one position."""
        coder = self._search.coder
        if coder is None:
            return None
        return self._engine.view.position_of(coder), self._engine.bending.of(coder.run_id)

    @Slot()
    def _on_settled(self) -> None:
        self._search.compare_latents()
        self._question.ask_more()

    def _on_image(self) -> None:
        self._number += 1
        self._search.restart()
        self._rest.start()

    @Slot()
    def _on_run(self) -> None:
        """Restart the comparison, since another run may have other training images, and explain anew.

        Evidence is shown of the run that answers only, so none is kept of the one before.
        """
        self._search.restart()
        self._answered = {asked: at for asked, at in self._answered.items() if asked[1] is not FindEvidence}
        self._question.ask_more()

    async def _ask(self) -> None:
        """Ask one after the other, but no more while the pointer moves: the run shown comes first then."""
        while (asked := self._next_request()) is not None:
            number = self._number
            try:
                answer, position = await asked[1]
            except CadlError as error:
                self._on_failure(number, *asked, str(error))
            else:
                self._on_answer(*asked, answer, position)
            if self._rest.isActive():
                return

    def _next_request(self) -> tuple[Run, Request[Any]] | None:
        """Return the next request: for a new image first, then training images, then for newer weights."""
        if self._drawing.image is None or not self._shown.is_active:
            return None
        due = self._due()
        if due is None or due[0] == self._number:
            part = self._next_part()
            if part is not None:
                return part
        if due is None:
            return None
        _, run, kind = due
        self._answered[run.run_id, kind] = self._now(run, kind)
        return run, self._request(run, kind)

    def _next_part(self) -> tuple[Run, FindNearest] | None:
        run, seen = self._shown.run, self._drawing.image
        if run is None or seen is None or not self._suits(run) or self._rest.isActive() or lacks_images(run):
            return None
        if self._coding != (now := self._coding_now()):
            self._coding = now
            self._search.leave_out_latents()
            self._settled.start()
        return self._search.question(run, self._engine.view, seen)

    def _due(self) -> tuple[int, Run, _Kind] | None:
        """Return the oldest outdated answer: number of its image, its run, and the kind of request."""
        due: list[tuple[int, Run, _Kind]] = []
        for run in self._engine.runs:
            for kind in self._kinds_for(run):
                before, now = self._answered.get((run.run_id, kind), _NEVER), self._now(run, kind)
                refused = self._refused.get((run.run_id, kind), ())
                if before != now and (now.position, now.bends) not in refused:
                    # Snapshots can wait: they do not depend on the image.
                    number = self._number if kind is FetchSnapshot else before.image
                    due.append((number, run, kind))
        return min(due, key=lambda question: question[0], default=None)

    def _request(self, run: Run, kind: _Kind) -> Request[Any]:
        seen, position = self._drawing.image, self._engine.view.position_of(run)
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
        # Recorded artifacts do not depend on the drawing, and exist at recorded positions only.
        retained = run.retained_until(position)
        return _NEVER if retained is None else _Moment(0, retained, bends)

    def _kinds_for(self, run: Run) -> Iterable[_Kind]:
        about = run.description
        if not self._suits(run):
            return ()
        if about.config.model.is_classifier:
            # Until TensorFlow is loaded, evidence would keep all other requests waiting.
            can_explain = run is self._shown.run and not about.is_graph and self._engine.is_ready
            return (Classify, FindEvidence) if can_explain and not self._rest.isActive() else (Classify,)
        if about.config.model.is_variational:
            return (Reconstruct, Encode, FetchSnapshot)
        return (Reconstruct,)

    def _on_answer(self, run: Run, request: Request[Any], answer: Any, position: Position | None) -> None:
        if isinstance(request, FindNearest):
            self._compare(request, answer)
        elif run in self._engine.runs and self._drawing.image is not None:
            if not isinstance(request, FindEvidence):
                self.run_answered.emit(run, request, answer, position)
            elif run is self._shown.run:
                self.evidence_found.emit(run, answer, request.image)

    def _on_failure(self, number: int, run: Run, request: Request[Any], message: str) -> None:
        if not isinstance(request, FindNearest):
            self._refuse(run, request, message)
        elif number == self._number:
            self._search.stop()
            self.not_answered.emit(run, request)
            self._engine.notifications.unanswered.emit(message)

    def _refuse(self, run: Run, request: Request[Any], message: str) -> None:
        """Record that a request failed; with the same weights, it would fail again at every movement."""
        question = run.run_id, type(request)
        asked = self._answered.get(question)
        if run not in self._engine.runs or asked is None:  # nobody waits for it any more
            return
        is_first = question not in self._refused
        self._refused.setdefault(question, set()).add((asked.position, asked.bends))
        self.not_answered.emit(run, request)
        if is_first:  # once for each run and kind of request
            self._engine.notifications.unanswered.emit(f"{run.description.name}: {message}")

    def _compare(self, request: FindNearest, nearest: NearestImages) -> None:
        """Add the nearest images of one part; the next request is about the next part."""
        found = self._search.handle(request, nearest)
        if found is not None:
            self.compared.emit(found)
