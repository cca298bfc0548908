"""File actions of the window: open, save, export, drop, reveal, and recent files."""

import logging
import re
from collections.abc import Callable, Iterable
from functools import partial
from mimetypes import guess_type
from pathlib import Path

from PySide6.QtCore import QMimeData, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu

from cadl_gui.domain.bookmark import KEYWORD, from_text
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.lesson import SUFFIX as LESSON_SUFFIX
from cadl_gui.domain.lesson import title_of
from cadl_gui.domain.lesson_bundle import BUNDLE_SUFFIX
from cadl_gui.domain.page_lesson import PageLesson
from cadl_gui.domain.position import Position
from cadl_gui.domain.run_name import is_run_folder
from cadl_gui.domain.session import SUFFIX
from cadl_gui.domain.training_requests import page_refusal
from cadl_gui.domain.view import SHIPPED, View
from cadl_gui.engine.background_jobs import BackgroundJob
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.expected_run import ExpectedRun
from cadl_gui.engine.run import Run
from cadl_gui.system.png_text import text_of
from cadl_gui.system.resources import shipped_run
from cadl_gui.system.whole_file import can_be_found
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet, literal
from cadl_gui.ui.file_dialogs import LESSON_FILTER, ask_for_file, ask_for_folder, ask_where_to_save
from cadl_gui.ui.file_manager import open_outside
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.settings import FileKind, Settings
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.window.dataset_opening import DatasetOpening
from cadl_gui.ui.window.export_dialog import ExportDialog
from cadl_gui.ui.window.share_dialog import ShareDialog, own_addresses
from cadl_gui.ui.window.window_part import WindowPart

_ONE_DATASET = _(
    "Only “{}” is opened, since one dataset is shown at a time. Put folders that are classes into one "
    "folder, and drop that."
)

_log = logging.getLogger(__name__)

_SAVE_TEXT = _("Save a copy of the epoch shown…")
_FILTER = _("Checkpoints (*.keras)")
_OPEN_FILTER = _("Checkpoints and frozen graphs (*.keras *.pb *.tfmodel *.index *.ckpt *.ckpt-*)")
_SESSION_FILTER = _("Sessions (*{suffix})").format(suffix=SUFFIX)

_LESSONS = LESSON_SUFFIX, BUNDLE_SUFFIX
_MOST_LESSONS = 5
_NAMES = re.compile(r".+\.(cadl|cadl-lesson|lesson\.md|keras|pb|tfmodel|index|ckpt(-\d+)?)")
"""Names of files that can be dropped. A course checkpoint has several files; `.index` stands for them."""


class FileActions(WindowPart):
    """Opens, saves and exports files, and remembers the recent ones.

    Args:
        window: parent of dialogs.
        engine: opens, saves and exports runs.
        theme: theme of the dialogs.
        settings: stores the recent files.
        datasets: opens datasets.
        open_session: opens a session.
        open_lesson: opens a lesson.
        page_lesson: returns the open lesson for a web page; None if none is open.

    Attributes:
        action_set: the actions of this module's rows, in order.
        recent_menu: lists recent files that still exist.
        datasets: see above.
    """

    def __init__(
        self,
        window: QMainWindow,
        engine: Engine,
        theme: Theme,
        settings: Settings,
        datasets: DatasetOpening,
        open_session: Callable[[Path], object],
        open_lesson: Callable[[Path], object],
        page_lesson: Callable[[], PageLesson | None],
    ) -> None:
        super().__init__(window)
        self.datasets = datasets
        self._open_session = open_session
        self._open_lesson = open_lesson
        self._page_lesson = page_lesson
        self._engine = engine
        self._theme = theme
        self._settings = settings
        self.action_set = ActionSet(ROWS, self, theme, window)
        self.recent_menu = QMenu(_("Open recent"), window)
        self.recent_menu.setToolTipsVisible(True)
        self.recent_menu.aboutToShow.connect(self._fill_recent)
        self._lessons: dict[QMenu, list[QAction]] = {}

    def open_chosen(self, path: Path | None) -> None:
        """Open what the user has chosen or named: a run, a dataset or an image; None is nothing."""
        if path is None:
            return
        self._settings.add_recent(str(path))
        if path.suffix.lower() == SUFFIX:
            self._open_session(path)
        elif path.name.lower().endswith(_LESSONS):
            self._open_lesson(path)
        elif self._is_dataset(path):
            self.datasets.open(str(path), show=True)
        elif (guess_type(path.name)[0] or "").startswith("image/"):
            reading = BackgroundJob(
                partial(_bookmark_of, path), _("“{name}” could not be read").format(name=path.name)
            )
            self._engine.jobs.start(reading, self._on_bookmark, self._engine.notifications.warn)
        elif _is_run(path) or not path.is_file():
            self._engine.runs.open(path)
        else:  # of another name, so that only its content says what it is
            sources = self._engine.dataset_sources
            looking = BackgroundJob(
                lambda: any(source.recognises(path) for source in sources),
                _("“{name}” could not be read").format(name=path.name),
            )
            self._engine.jobs.start(
                looking, partial(self._open_looked_at, path), self._engine.notifications.warn
            )

    def _open_looked_at(self, path: Path, is_dataset: bool) -> None:
        if is_dataset:
            self.datasets.open(str(path), show=True)
        else:
            self._engine.runs.open(path)

    @Slot(object)
    def _on_bookmark(self, bookmark: tuple[View, str]) -> None:
        """Show the place of a bookmark; a run that ships is opened if necessary."""
        (place, name), view, runs = bookmark, self._engine.view, self._engine.runs
        key, chosen = place.run, place.chosen(place.run)
        if key not in map(runs.key, runs.listed):
            folder = shipped_run(key.removeprefix(SHIPPED)) if key.startswith(SHIPPED) else None
            if folder is None:
                self._engine.notifications.warn(
                    _("Open “{name}” to go to this image's place.").format(name=name)
                )
                return
            runs.open(folder, show=False, key=key)
        view.position_chosen.emit()
        of_run = view.value.with_run(key, z=chosen.z, axes=chosen.axes)
        view.change(run=key, at=place.at, of_run=of_run, tab="latentTab")

    @property
    def can_save(self) -> bool:
        """Whether a run is shown that is not a frozen graph, and TensorFlow is loaded to save it."""
        run = self._engine.view.run
        return run is not None and self._engine.is_ready and not run.description.is_graph

    @property
    def save_text(self) -> str:
        """What is saved now: “Save a copy of epoch 1 of I…”."""
        run = self._engine.view.run
        if run is None:
            return _SAVE_TEXT
        return _("Save a copy of {of_run}…").format(of_run=self._engine.view.position.of_run(run.letter))

    def choose_checkpoint(self) -> None:
        """Ask for a checkpoint (of this program or of the course) or a dataset, and open it."""
        sources = [source.file_filter for source in self._engine.dataset_sources if source.patterns]
        filters = ";;".join([_OPEN_FILTER, _SESSION_FILTER, LESSON_FILTER, *sources, _("All files (*)")])
        self.open_chosen(ask_for_file(self.window, FileKind.CHECKPOINT, _("Open file"), filters))

    def choose_folder(self, kind: FileKind, title: str) -> None:
        """Ask for a folder, and open it."""
        self.open_chosen(ask_for_folder(self.window, kind, title))

    def choose_where_to_save(self) -> None:
        """Ask for a file name, and save the run at the position shown."""
        run = self._engine.view.run
        if run is None:
            return
        name = f"{run.description.name}.keras"
        path = ask_where_to_save(self.window, FileKind.CHECKPOINT, _("Save a copy"), name, _FILTER)
        if path is not None:
            self._settings.add_recent(str(path))
            self._engine.runs.save(run, path)

    def export(self) -> None:
        """Open the export dialog for what is shown, or raise the one that has it or is busy."""
        run, position = self._shown
        lesson = self._page_lesson()
        if run is not None and not self._has_raised(
            lambda dialog: isinstance(dialog, ExportDialog) and dialog.is_about(run, position, lesson)
        ):
            ExportDialog(self.window, self._engine, self._theme, run, position, lesson).show()

    @property
    def can_share(self) -> bool:
        """Whether a run is shown that can be on a web page, and TensorFlow is loaded to read its weights."""
        return self.can_save and not self.why_not_share

    @property
    def why_not_share(self) -> str:
        """Why the run shown cannot be on a web page, or ""."""
        run = self._engine.view.run
        return "" if run is None else page_refusal(run.description)

    def share(self) -> None:
        """Open the dialog that shares a web page, or raise the one that is open or makes another file."""
        run, position = self._shown
        if run is not None and not self._has_raised(lambda dialog: isinstance(dialog, ShareDialog)):
            ShareDialog(self.window, self._engine, run, position, own_addresses()).show()

    def stop_sharing(self) -> None:
        """Share nothing any more, since the window closes."""
        for dialog in self.window.findChildren(ShareDialog):
            dialog.reject()

    @property
    def _shown(self) -> tuple[Run | None, Position | None]:
        """What is exported: the run, and the position if it is not the newest one."""
        view = self._engine.view
        return view.run, None if view.is_live else view.position

    def _has_raised(self, suits: Callable[[ExportDialog | ShareDialog], bool]) -> bool:
        """Raise the dialog that makes a file now, or that suits; close other ones for exports."""
        exports = self.window.findChildren(ExportDialog)
        dialogs: list[ExportDialog | ShareDialog] = [*exports, *self.window.findChildren(ShareDialog)]
        for dialog in dialogs:
            if dialog.isVisible() and (dialog.is_busy or suits(dialog)):
                dialog.raise_()
                return True
        for export in exports:
            export.close()
        return False

    def reveal(self) -> None:
        """Show the run's files in the system's file manager."""
        source = source_of(self._engine.view.run)
        if source is not None:
            folder = source if source.is_dir() else source.parent
            if not open_outside(folder):
                self._engine.notifications.warn(
                    _("No file manager was found. The files are in {folder}.").format(folder=folder)
                )

    @Slot()
    def _fill_recent(self) -> None:
        menu = self.recent_menu
        menu.clear()
        menu.addActions(self._to_open(menu, self._recent))
        if menu.isEmpty():
            menu.addAction(_("Files that you open or save appear here.")).setEnabled(False)

    def list_lessons(self, menu: QMenu) -> None:
        """List the lessons of one's own that were opened last in a menu, below those that ship."""
        menu.aboutToShow.connect(self._fill_lessons)

    @Slot()
    def _fill_lessons(self) -> None:
        menu = self.sender()
        assert isinstance(menu, QMenu), "it is about to be shown"
        for action in self._lessons.pop(menu, []):
            action.deleteLater()
            menu.removeAction(action)
        lessons = [path for path in self._recent if path.name.lower().endswith(_LESSONS)]
        self._lessons[menu] = self._to_open(menu, lessons[:_MOST_LESSONS])
        for action, path in zip(self._lessons[menu], lessons, strict=False):
            action.setText(literal(title_of(path)))
        separator = next(action for action in menu.actions() if action.isSeparator())
        menu.insertActions(separator, self._lessons[menu])

    @property
    def _recent(self) -> list[Path]:
        """The recent files that still exist."""
        return [path for path in map(Path, self._settings.recent) if can_be_found(path)]

    def _to_open(self, menu: QMenu, paths: Iterable[Path]) -> list[QAction]:
        """Return entries of a menu that open files."""
        actions = []
        for path in paths:
            action = QAction(literal(path.name), menu)
            action.setToolTip(plain_tip(str(path)))
            action.setStatusTip(str(path))
            action.triggered.connect(lambda _=False, path=path: self.open_chosen(path))
            actions.append(action)
        return actions

    def remember(self, path: Path) -> None:
        """Put a file or folder at the top of the recent files."""
        self._settings.add_recent(str(path))

    def dropped(self, data: QMimeData) -> list[Path]:
        """Return the dragged files that can be opened, including PNG images that may contain a bookmark.

        Only names are checked; a PNG is not read before it is dropped.
        """
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        return [
            path
            for path in paths
            if _NAMES.fullmatch(path.name)
            or _is_png(path)
            or path.is_dir()
            or any(source.has_name_like(path) for source in self._engine.dataset_sources)
        ]

    def drop(self, data: QMimeData) -> None:
        """Open the files that were dropped; of several datasets the first."""
        datasets = []
        for path in self.dropped(data):
            if self._is_dataset(path):
                datasets.append(path)
            else:
                self.open_chosen(path)
        if datasets:
            self.open_chosen(datasets[0])
        if len(datasets) > 1:
            self._engine.notifications.warn(_ONE_DATASET.format(datasets[0].name))

    def _is_dataset(self, path: Path) -> bool:
        """Return whether a path is named as a dataset is; nothing is read or listed, which can take long."""
        sources = self._engine.dataset_sources
        is_named = path.is_dir() or any(source.has_name_like(path) for source in sources)
        return is_named and not _is_run(path)


def source_of(run: Run | ExpectedRun | None) -> Path | None:
    """Return the path of a run on disk, or None if it has none."""
    match run:
        case Run():
            return run.description.source
        case ExpectedRun():
            return run.path
    return None


def _is_run(path: Path) -> bool:
    return _NAMES.fullmatch(path.name) is not None or is_run_folder(path)


def _is_png(path: Path) -> bool:
    return path.suffix.lower() == ".png"


def _bookmark_of(image: Path) -> tuple[View, str]:
    """Return the place that is stored in an image, and the name of its run.

    Raises:
        UserError: if the image contains none.
    """
    text = text_of(image).get(KEYWORD) if _is_png(image) else None
    if text is None:
        raise UserError(
            _(
                "“{name}” contains no bookmark; only PNGs saved from Latent do. To show it to the "
                "networks, open it in Draw."
            ).format(name=image.name)
        )
    return from_text(text)


ROWS: tuple[ActionRow[FileActions], ...] = (
    ActionRow(
        key="open", menu="File", text="Open file…", shortcuts=("Ctrl+O",),
        help="Open a checkpoint (.keras or the course's), a frozen graph, a dataset or images.",
        callback=FileActions.choose_checkpoint,
    ),
    ActionRow(
        key="open_run", menu="File", text="Open run folder…", shortcuts=("Ctrl+Shift+O",),
        help="Open a run with every epoch that it recorded.",
        callback=lambda host: host.choose_folder(FileKind.RUN, _("Open run folder")),
    ),
    ActionRow(
        key="open_dataset", menu="File", text="Open dataset folder…",
        help="Open a folder of images, whose sub-folders are classes, or of another dataset.",
        callback=lambda host: host.choose_folder(FileKind.DATASET, _("Open dataset folder")),
    ),
    ActionRow(
        key="prepared_datasets", menu="File", text="Prepared datasets…",
        help="List the datasets that were prepared, with their disk space, and remove them.",
        callback=lambda host: host.datasets.show_prepared(),
    ),
    ActionRow(
        key="save", menu="File", text=_SAVE_TEXT,
        help="Save the network at this epoch as a checkpoint, a .keras file. The run itself is kept anyway.",
        callback=FileActions.choose_where_to_save,
        label=lambda host: host.save_text,
        enabled=lambda host: host.can_save,
    ),
    ActionRow(
        key="export", menu="File", text="Export…", shortcuts=("Ctrl+Shift+E",),
        help="Write the run at the epoch shown as a file that other programs load, or a log for TensorBoard.",
        callback=FileActions.export,
        enabled=lambda host: host.can_save,
    ),
    ActionRow(
        key="share", menu="File", text="Share in this room…",
        help="Give a web page of the open networks to the phones in the same network, by a QR code.",
        callback=FileActions.share,
        enabled=lambda host: host.can_share,
        why_not=lambda host: host.why_not_share,
    ),
    ActionRow(
        key="quit", menu="File", text="Quit (runs, drawing and lesson are kept)", shortcuts=("Ctrl+Q",),
        separated=True, help="Close the window; a training is stopped and kept.",
        callback=lambda host: host.window.close(),
    ),
)  # fmt: skip
