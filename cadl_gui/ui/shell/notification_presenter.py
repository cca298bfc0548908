"""What the notice strip tells of the engine and of deeds, and what its button does."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.errors import NOT_FINITE
from cadl_gui.domain.health import HealthNote, Suggestion
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.notifications import Remedy
from cadl_gui.engine.run import Run, RunState
from cadl_gui.ui.widgets.notification_bar import NotificationBar


class NotificationPresenter(QObject):
    """Tells what went wrong, or deserves care, with a button where something can be done about it.

    A health note goes when another run is shown; the timeline of its run keeps it.

    Args:
        engine: whose failures and notes are told.
        bar: where; the parent.

    Signals:
        settings_requested: (`RunConfig`) the form is to show what a run should have been trained with.
    """

    settings_requested = Signal(object)

    def __init__(self, engine: Engine, bar: NotificationBar) -> None:
        super().__init__(bar)
        self._engine = engine
        self._bar = bar
        self._callback: Callable[[], object] | None = None
        self._note: tuple[Run, str] | None = None
        engine.notifications.failed.connect(self.report_failure)
        engine.notifications.health_noted.connect(self._on_health_noted)
        engine.view.run_changed.connect(self._on_run_changed)
        engine.notifications.warned.connect(bar.show_caution)
        bar.action_triggered.connect(self._run_callback)

    @Slot(str, str, object)
    def report_failure(self, message: str, details: str, remedy: Remedy | None) -> None:
        """Say that something went wrong, with details for whoever asks, and offer what may help."""
        self._callback = None if remedy is None else partial(self._try, *remedy)
        words = "" if remedy is None else remedy.suggestion.text
        self._bar.show_error(message, details, action=words)

    @Slot(str)
    def report_page_failure(self, message: str) -> None:
        """Say that a page got no answer, unless that is the echo of something that was told.

        An error with a remedy stays; and why a network whose training failed answers nothing is known.
        """
        run = self._engine.view.run
        is_known = message.endswith(NOT_FINITE) and run is not None and run.state is RunState.FAILED
        if not is_known and not self._bar.offers_remedy:
            self.report_failure(message, "", None)

    @Slot(str, str, object)
    def notify(self, message: str, words: str, callback: Callable[[], object] | None) -> None:
        """Say something that deserves care, with a button that is called so and does that."""
        self._callback = callback
        self._bar.show_caution(message, action=words)

    @Slot(object, object)
    def _on_health_noted(self, run: Run, note: HealthNote) -> None:
        suggestion = note.suggestion
        words = suggestion.text if suggestion else ""
        callback = partial(self._try, run, suggestion) if suggestion else None
        message = f"{run.letter} · {note.message}"
        self._note = run, message
        self.notify(message, words, callback)

    @Slot()
    def _on_run_changed(self) -> None:
        if self._note is None:
            return
        run, message = self._note
        if run is not self._engine.view.run and self._bar.message() == message:
            self._bar.clear()

    @Slot()
    def _run_callback(self) -> None:
        callback, self._callback = self._callback, None
        self._bar.clear()
        if callback is not None:
            callback()

    def _try(self, run: Run, suggestion: Suggestion) -> None:
        """Want the run's configuration, changed as suggested; Train is the user's to press."""
        changed = {suggestion.field: suggestion.value}
        self.settings_requested.emit(run.description.config.replace(**changed))
