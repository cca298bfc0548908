"""Bookmarks of the place shown, stored in images and restored from them."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.imaging.latent.bookmark import KEYWORD, Bookmark
from cadl_gui.system.resources import shipped_run
from cadl_gui.ui.latent.cursor import LatentCursor
from cadl_gui.ui.tab_run import TabRun


class BookmarkController(QObject):
    """Creates bookmarks of run, position and latent vector, and restores them.

    Args:
        engine: The engine whose view is moved.
        shown: Run and position.
        place: The latent vector; the controller's parent.

    Signals:
        requested: A bookmark is being restored, so the Latent tab should be shown.
        failed: (str) A sentence saying why a bookmark cannot be restored.
    """

    requested = Signal()
    failed = Signal(str)

    def __init__(self, engine: Engine, shown: TabRun, place: LatentCursor) -> None:
        super().__init__(place)
        self._engine = engine
        self._shown = shown
        self._cursor = place
        self._waiting: dict[str, Bookmark] = {}
        engine.view.bookmark_requested.connect(self.restore)
        engine.runs.added.connect(self._on_run_added)
        engine.runs.opening_failed.connect(self._on_opening_failed)

    def text(self) -> Mapping[str, str]:
        """Return the metadata to store in a PNG, by keyword."""
        run = self._shown.run
        if run is None:
            return {}
        return {KEYWORD: self._here(run).to_text()}

    @Slot(object)
    def restore(self, bookmark: Bookmark) -> None:
        """Show a bookmark with its run and epoch; a shipped run is opened if necessary."""
        run = next((run for run in self._engine.runs if _is_of(bookmark, run)), None)
        folder = shipped_run(bookmark.model) if run is None else None
        if run is not None:
            self._go(run, bookmark)
        elif folder is not None:
            # Opened without showing it, since the engine would show its last epoch.
            self._waiting[self._engine.runs.open(folder, show=False)] = bookmark
        else:
            self._report_unknown(bookmark)

    @Slot(object)
    def _on_run_added(self, run: Run) -> None:
        bookmark = self._waiting.pop(run.run_id, None)
        if bookmark is None:
            return
        if _is_of(bookmark, run):
            self._go(run, bookmark)
        else:
            self._report_unknown(bookmark)

    @Slot(str)
    def _on_opening_failed(self, run_id: str) -> None:
        self._waiting.pop(run_id, None)

    def _report_unknown(self, bookmark: Bookmark) -> None:
        self.failed.emit(f"Open “{bookmark.model}” (seed {bookmark.seed}) to go to this image's place.")

    def _go(self, run: Run, bookmark: Bookmark) -> None:
        self.requested.emit()
        self._engine.view.show_run(run)
        self._engine.view.show(bookmark.position)
        if len(bookmark.latent) != self._cursor.latent_dim:
            n = len(bookmark.latent)
            self.failed.emit(f"The bookmark has {n} latent dimensions; {bookmark.model} has another number.")
            return
        self._cursor.set_latent(bookmark.latent)

    def _here(self, run: Run) -> Bookmark:
        description = run.description
        return Bookmark(
            model=description.name,
            seed=description.config.training.seed,
            position=self._shown.position or run.newest,
            latent=tuple(self._cursor.latent.tolist()),
        )


def _is_of(bookmark: Bookmark, run: Run) -> bool:
    description = run.description
    return (description.name, description.config.training.seed) == (bookmark.model, bookmark.seed)
