"""Standing questions: what follows from what is shown is asked anew once that has changed."""

from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Slot

from cadl_gui.domain.dataset_requests import DatasetRequest
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.requests import Answer, Request
from cadl_gui.engine.inference_broker import InferenceClient, OnFailure, Ticket
from cadl_gui.engine.weights_ref import WeightsRef

if TYPE_CHECKING:
    from cadl_gui.engine.engine import Engine

Asking = Coroutine[Any, Any, None]


class Question(InferenceClient):
    """Asks one request after another, so that those of a hand can go between them.

    A coroutine awaits them, as in `images, position = await Decode(…)`, which raises a `CadlError` where it
    cannot be answered. Once it is asked anew or cancelled, no answer to what was asked before arrives; while
    it follows a hand, each does.

    Args:
        engine: answers the requests, about networks or datasets.
        parent: parent object; once the question is deleted with it, nothing more arrives.
        asking: called with what the question is about; returns the coroutine.
        on_failure: called with the message of an error that the coroutine does not catch.
        about: as in `InferenceClient`.
        rest_ms: time for which it must not have been asked anew before it begins.
        is_bent, page: as in `InferenceClient`.
    """

    def __init__(
        self,
        engine: "Engine",
        parent: QObject | None,
        asking: Callable[..., Asking],
        on_failure: OnFailure,
        about: Callable[[], WeightsRef | None] | None = None,
        *,
        rest_ms: int = 0,
        is_bent: bool = True,
        page: QObject | None = None,
    ) -> None:
        super().__init__(engine.inference, parent, about, is_bent=is_bent, page=page)
        self._engine, self._asking, self._on_failure = engine, asking, on_failure
        self._subject: tuple[Any, ...] = ()
        self._is_asked = False
        self._run: Asking | None = None
        self._is_due = False
        self._n_cancelled = 0
        self._rest = QTimer(self, singleShot=True, interval=rest_ms)
        self._rest.timeout.connect(self._begin)
        if parent is not None:
            parent.destroyed.connect(self._let_go)

    @Slot()
    def ask_anew(self, *subject: Any) -> None:
        """Drop what was asked, and begin again, about this."""
        self.cancel()
        self._subject, self._is_asked = subject, True
        self._begin_after_rest()

    @Slot()
    def follow(self, *subject: Any) -> None:
        """Ask about this once what is asked now is answered, in place of all that waits for it, as in a drag.

        The next request is sent before the answer arrives. It asks one request each time.
        """
        self._subject, self._is_asked = subject, True
        self._begin()

    def ask_about(self, *subject: Any) -> None:
        """Ask anew if this is not what was asked about last."""
        if not self._is_asked or subject != self._subject:
            self.ask_anew(*subject)

    @Slot()
    def ask_more(self) -> None:
        """Begin again, about the same, once all that is asked now is answered: there may be more to ask."""
        if self._run is not None:
            self._is_due = True
        elif not self._rest.isActive():
            self._begin_after_rest()

    @Slot()
    def cancel(self, kind: type[Request[Any]] | None = None) -> None:
        """Ask nothing more, and forget that it was asked."""
        super().cancel(kind)
        self._rest.stop()
        self._run, self._is_due, self._is_asked = None, False, False
        self._n_cancelled += 1

    @Slot()
    def _let_go(self) -> None:
        """Hold nothing of an object that is gone, which has this question: they would keep each other."""
        own = vars(self)  # the garbage collector may have been here before
        for tickets in (own.pop("_asked", {}), own.pop("_waiting", {})):
            for ticket in tickets.values():
                ticket.cancel()
        for held in ("_about", "_asking", "_on_failure", "_run"):
            own.pop(held, None)

    def _begin_after_rest(self) -> None:
        self._rest.start() if self._rest.interval() else self._begin()

    @Slot()
    def _begin(self) -> None:
        self._is_due, self._run = False, self._asking(*self._subject)
        self._go_on(self._run)

    def _go_on(self, run: Asking, answer: object = None, refusal: str = "") -> None:
        """Resume the coroutine, and send the request that it awaits next."""
        request, message, n_cancelled = None, "", self._n_cancelled
        try:
            # No local holds the error: its traceback holds this frame, and the frame of what asks.
            request = run.throw(CadlError(refusal)) if refusal else run.send(answer)
        except StopIteration:
            pass
        except CadlError as error:
            message = str(error)
        except BaseException:
            self.cancel()
            raise
        if n_cancelled != self._n_cancelled:
            return  # the coroutine itself has had it asked anew, or cancelled it
        if request is not None:
            on_answer, on_failure = partial(self._on_answer, run), partial(self._on_no_answer, run)
            self._wait(Ticket(self, request, on_answer, on_failure, kind=self))
            self._send_waiting(self)
            return
        if run is self._run:
            self._run = None
        if message:
            self._on_failure(message)
        if self._is_due:
            self._begin_after_rest()

    def _send(self, ticket: Ticket) -> None:
        is_of_dataset = isinstance(ticket.request, DatasetRequest)
        (self._engine.datasets if is_of_dataset else self._engine.inference).send(ticket)

    def _on_answer(self, run: Asking, *answer: Any) -> None:
        self._go_on(run, answer)

    def _on_no_answer(self, run: Asking, message: str) -> None:
        self._go_on(run, refusal=message)


async def answers_to(requests: Iterable[Request[Answer]]) -> list[Answer]:
    """Return the answers to many requests, in their order."""
    return [(await request)[0] for request in requests]
