"""What the notice strip tells of the engine and of deeds, and what its button does."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.errors import NOT_FINITE
from cadl_gui.domain.health import HealthNote, Suggestion
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.notifications import Remedy
from cadl_gui.engine.run import Run, RunState
from cadl_gui.ui.widgets.notice_strip import NoticeStrip


class Notices(QObject):
    """Tells what went wrong, or deserves care, with a button where something can be done about it.

    A health note goes when another run is shown; the timeline of its run keeps it.

    Args:
        engine: whose failures and notes are told.
        strip: where; the parent.

    Signals:
        settings_wanted: (`RunConfig`) the form is to show what a run should have been trained with.
    """

    settings_wanted = Signal(object)

    def __init__(self, engine: Engine, strip: NoticeStrip) -> None:
        super().__init__(strip)
        self._engine = engine
        self._strip = strip
        self._deed: Callable[[], object] | None = None
        self._note: tuple[Run, str] | None = None
        engine.notifications.failed.connect(self.tell_failure)
        engine.notifications.noted.connect(self._on_noted)
        engine.view.run_changed.connect(self._on_run_changed)
        engine.notifications.warned.connect(strip.show_caution)
        strip.action_triggered.connect(self._do_deed)

    @Slot(str, str, object)
    def tell_failure(self, sentence: str, details: str, remedy: Remedy | None) -> None:
        """Say that something went wrong, with details for whoever asks, and offer what may help."""
        self._deed = None if remedy is None else partial(self._try, *remedy)
        words = "" if remedy is None else remedy.suggestion.words
        self._strip.show_error(sentence, details, action=words)

    @Slot(str)
    def tell_page_failure(self, sentence: str) -> None:
        """Say that a page got no answer, unless that is the echo of something that was told.

        An error with a remedy stays; and why a network whose training failed answers nothing is known.
        """
        run = self._engine.view.run
        is_known = sentence.endswith(NOT_FINITE) and run is not None and run.state is RunState.FAILED
        if not is_known and not self._strip.offers_remedy:
            self.tell_failure(sentence, "", None)

    @Slot(str, str, object)
    def tell(self, sentence: str, words: str, deed: Callable[[], object] | None) -> None:
        """Say something that deserves care, with a button that is called so and does that."""
        self._deed = deed
        self._strip.show_caution(sentence, action=words)

    @Slot(object, object)
    def _on_noted(self, run: Run, note: HealthNote) -> None:
        suggestion = note.suggestion
        words = suggestion.words if suggestion else ""
        deed = partial(self._try, run, suggestion) if suggestion else None
        sentence = f"{run.letter} · {note.sentence}"
        self._note = run, sentence
        self.tell(sentence, words, deed)

    @Slot()
    def _on_run_changed(self) -> None:
        if self._note is None:
            return
        run, sentence = self._note
        if run is not self._engine.view.run and self._strip.sentence() == sentence:
            self._strip.clear()

    @Slot()
    def _do_deed(self) -> None:
        deed, self._deed = self._deed, None
        self._strip.clear()
        if deed is not None:
            deed()

    def _try(self, run: Run, suggestion: Suggestion) -> None:
        """Want the run's configuration, changed as suggested; Train is the user's to press."""
        changed = {suggestion.field: suggestion.value}
        self.settings_wanted.emit(run.description.config.replace(**changed))
