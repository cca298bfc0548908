"""Answers by recorded weights: each is asked once, since those weights never change."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import NetworkRequest
from cadl_gui.engine.question import Question
from cadl_gui.engine.run import Run

if TYPE_CHECKING:
    from cadl_gui.domain.bends import Bends
    from cadl_gui.engine.engine import Engine

Answer = TypeVar("Answer")


class KeptAnswers(Question, Generic[Answer]):
    """Asks one recorded position after another, and keeps what each answers.

    Weights that are no longer retained, or give no numbers, would be refused again: they are asked once, too.
    Answers by other bends, which make another network, replace a run's earlier ones; those of a run that was
    removed for good go.

    Args:
        wanted: returns the requests about the subject, the most urgent first; called before each.
        kept_as: returns what is kept of an answer.
        is_bent, rest_ms, page: as in `Question`.

    Signals:
        arrived: there is another answer, or a refusal.
    """

    arrived = Signal()

    def __init__(
        self,
        engine: "Engine",
        parent: QObject,
        wanted: Callable[..., Iterable[NetworkRequest[Any]]],
        *,
        kept_as: Callable[[Any], Answer] = lambda answer: answer,
        is_bent: bool = True,
        rest_ms: int = 0,
        page: QObject | None = None,
    ) -> None:
        asking, bent = partial(self._ask, wanted, kept_as), is_bent
        super().__init__(engine, parent, asking, lambda _: None, is_bent=bent, rest_ms=rest_ms, page=page)
        self._kept: dict[tuple[str, Hashable], tuple[Bends, dict[Position | None, Answer | None]]] = {}
        engine.runs.forgotten.connect(self._forget)

    def known(self, run: Run) -> dict[Position, Answer]:
        """Return the answers about the subject by the network as it is bent now, in the order of training."""
        answers = self._answers(run.run_id)
        return {at: answer for at in run.recorded if (answer := answers.get(at)) is not None}

    def __iter__(self) -> Iterator[Answer]:
        """Iterate over all answers that are kept."""
        kept = (answer for _, answers in self._kept.values() for answer in answers.values())
        return (answer for answer in kept if answer is not None)

    def forget(self) -> None:
        """Forget all answers, and ask nothing more."""
        self.cancel()
        self._kept.clear()

    def _answers(self, run_id: str) -> dict[Position | None, Answer | None]:
        bends = self._engine.bending.of(run_id) if self.is_bent else ()
        if self._kept.setdefault((run_id, self._subject), (bends, {}))[0] != bends:
            self._kept[run_id, self._subject] = bends, {}
        return self._kept[run_id, self._subject][1]

    async def _ask(
        self,
        wanted: Callable[..., Iterable[NetworkRequest[Any]]],
        kept_as: Callable[[Any], Answer],
        *subject: Any,
    ) -> None:
        while request := next(
            (each for each in wanted(*subject) if each.position not in self._answers(each.run_id)), None
        ):
            try:
                answer = kept_as((await request)[0])
            except CadlError:
                answer = None
            self._answers(request.run_id)[request.position] = answer
            self.arrived.emit()

    @Slot(str)
    def _forget(self, run_id: str) -> None:
        self._kept = {key: kept for key, kept in self._kept.items() if key[0] != run_id}
