"""Shows the engine's and the window's messages in the notification bar, and runs its button's action."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QTabWidget

from cadl_gui.domain.errors import NOT_FINITE
from cadl_gui.domain.health import HealthNote, Suggestion
from cadl_gui.domain.next_run import NextRun
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.notifications import Remedy
from cadl_gui.engine.run import Run, RunState
from cadl_gui.system.words import _
from cadl_gui.ui.controls.notification_bar import NotificationBar
from cadl_gui.ui.controls.timer import Timer
from cadl_gui.ui.file_manager import open_outside

_DONE_MS = 10_000
"""How long it is said that something went well: time to read where a file is, twice."""


class NotificationPresenter(QObject):
    """Shows errors and cautions, with a button where something can be done about them.

    A health note disappears when another run is shown; it stays on the timeline of its run. That a page got
    no answer disappears with another run or tab, which it does not concern; what was done, such as a file
    saved, with another tab; and where no button can undo it, with an undone step or by itself.

    Args:
        engine: source of failures and notes.
        bar: where they are shown; the parent.
        tabs: the pages.
    """

    def __init__(self, engine: Engine, bar: NotificationBar, tabs: QTabWidget) -> None:
        super().__init__(bar)
        self._engine = engine
        self._bar = bar
        self._callback: Callable[[], object] | None = None
        self._note: tuple[Run, str] | None = None
        self._page_failure = self._done = ""
        self._done_timer = Timer(self, self._on_read, _DONE_MS)
        self._known_failures: set[str] = set()
        engine.notifications.failed.connect(self.report_failure)
        engine.notifications.unanswered.connect(self.report_page_failure)
        engine.notifications.health_noted.connect(self._on_health_noted)
        engine.view.bind(self, lambda: engine.view.run, self._on_run_changed)
        tabs.currentChanged.connect(self._on_tab_changed)
        engine.view.turned.connect(self._on_turned)
        engine.notifications.warned.connect(self.warn)
        engine.notifications.informed.connect(self.inform)
        engine.notifications.saved.connect(self.report_saved)
        engine.notifications.resolved.connect(self._on_resolved)
        bar.action_triggered.connect(self._run_callback)

    @Slot(str, str, object)
    def report_failure(self, message: str, details: str, remedy: Remedy | None) -> None:
        """Show an error with optional details, and offer the remedy if there is one."""
        self._callback = None if remedy is None else partial(self._try, *remedy)
        if remedy is not None:
            self._known_failures.add(remedy.run.run_id)
        words = "" if remedy is None else remedy.suggestion.text
        self._bar.show_message("error", message, details, action=words)

    @Slot(str)
    def report_page_failure(self, message: str) -> None:
        """Show that a page got no answer, unless the cause has already been reported.

        An error with a remedy stays visible; a network whose training failed is known to give no answers.
        """
        run = self._engine.view.run
        is_known = message.endswith(NOT_FINITE) and run is not None and run.state is RunState.FAILED
        if not is_known and not self._bar.offers_remedy:
            self.report_failure(message, "", None)
            self._page_failure = message

    @Slot(str, str, str, object)
    def warn(self, message: str, details: str, words: str, callback: Callable[[], object] | None) -> None:
        """Show a caution; see `Notifications.warn`."""
        self._callback = callback
        self._bar.show_message("caution", message, details, action=words)

    @Slot(str, str, object)
    def inform(self, message: str, words: str, callback: Callable[[], object] | None) -> None:
        """Show what was done, for a while or, with a button, until another tab is shown; see `warn`."""
        self._callback, self._done = callback, message
        self._bar.show_message("information", message, action=words)
        if words:
            self._done_timer.stop()
        else:
            self._done_timer.start()

    @Slot(object, str)
    def report_saved(self, path: Path | str, what: str = "") -> None:
        """Show that a file was saved, and what it holds if that is given; a button opens its folder."""
        path = Path(path)
        message = _("Saved {what} as “{name}” in {parent}.").format(
            what=what, name=path.name, parent=path.parent
        )
        if not what:
            message = _("Saved “{name}” to {parent}.").format(name=path.name, parent=path.parent)
        self.inform(message, _("Show"), partial(self._show_folder, path))
        self._done_timer.start()

    def _show_folder(self, path: Path) -> None:
        """Ask the file manager to show a file, and go on saying where it is: some show nothing."""
        where = _("“{name}” is in {parent}.").format(name=path.name, parent=path.parent)
        if open_outside(path.parent):
            self.inform(_("The file manager was asked to show it. {where}").format(where=where), "", None)
        else:
            self.warn(_("No file manager was found. {where}").format(where=where), "", "", None)

    @Slot(str)
    def _on_resolved(self, message: str) -> None:
        """Remove a message once what it asked for is done, however that was done."""
        if self._bar.message() == message:
            self._bar.hide()

    @Slot(object, object)
    def _on_health_noted(self, run: Run, note: HealthNote) -> None:
        suggestion = note.suggestion
        words = suggestion.text if suggestion else ""
        callback = partial(self._try, run, suggestion) if suggestion else None
        message = f"{run.letter} · {note.message}"
        self._note = run, message
        self.warn(message, "", words, callback)

    def _on_run_changed(self) -> None:
        self._forget_page_failure()
        if self._note is not None:
            run, message = self._note
            if run is not self._engine.view.run and self._bar.message() == message:
                self._bar.hide()
        shown = self._engine.view.run
        if shown is not None and shown.failure is not None and shown.run_id not in self._known_failures:
            self._known_failures.add(shown.run_id)
            self._on_health_noted(shown, shown.failure)  # as after it was opened again

    @Slot()
    def _on_tab_changed(self) -> None:
        self._forget_page_failure()
        self._forget_done()

    def _forget_page_failure(self) -> None:
        failure, self._page_failure = self._page_failure, ""
        if failure and self._bar.message() == failure:
            self._bar.hide()

    @Slot()
    def _on_turned(self) -> None:
        if self._done_timer.isActive():
            self._forget_done()

    @Slot()
    def _on_read(self) -> None:
        """Take away what has been read, but not from under the pointer."""
        if self._bar.underMouse():
            self._done_timer.start()
        else:
            self._forget_done()

    def _forget_done(self) -> None:
        """Uncover what lies beneath: what was done has been read."""
        if self._bar.message() == self._done:
            self._bar.hide()

    @Slot()
    def _run_callback(self) -> None:
        callback, self._callback = self._callback, None
        self._bar.hide()
        if callback is not None:
            callback()

    def _try(self, run: Run, suggestion: Suggestion) -> None:
        """Fill in the run's configuration, changed as suggested; the user decides whether to train it."""
        changed = {suggestion.field: suggestion.value}
        self._engine.view.show_next(NextRun.of(run.description.config.replace(**changed)))
