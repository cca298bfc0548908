"""Export of the latent plane as images, films, paths and numbers."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from cadl_gui.domain.bookmark import KEYWORD, to_text
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.view import View
from cadl_gui.engine.background_jobs import BackgroundJob
from cadl_gui.engine.engine import Engine
from cadl_gui.imaging.latent.corners import four_corner_manifold
from cadl_gui.imaging.latent.latent_path import LatentPath
from cadl_gui.imaging.latent.latent_text import as_numbers, as_python, from_text
from cadl_gui.imaging.latent.tiles import grid_centres
from cadl_gui.pictures.grid_print import grid_print
from cadl_gui.pictures.manifold_print import manifold_print
from cadl_gui.pictures.path_film import path_film
from cadl_gui.pictures.replay_film import replay_film
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.controls.export_progress import ExportProgress
from cadl_gui.ui.file_dialogs import ask_for_file, ask_where_and_as_what, ask_where_to_save
from cadl_gui.ui.latent.cursor import LatentCursor
from cadl_gui.ui.latent.paths import LatentPaths
from cadl_gui.ui.latent.plane_controller import PlaneController
from cadl_gui.ui.render_job import RenderJob
from cadl_gui.ui.settings import FileKind
from cadl_gui.ui.tab_page import TabPage
from cadl_gui.ui.tab_run import TabRun
from cadl_gui.ui.theme.theme import Theme

_PRINT_TILES, _PRINT_PX = 60, 6_000
_CORNER_TILES, _CORNER_PX = 30, 1_680
_GRID_PX = 2_800
_REPLAYED_EPOCHS_PER_SECOND = 4.0
_N_CORNERS = 4
_FILMS = "GIF (*.gif);;MP4 (*.mp4);;PNG strip (*.png)"
_PNG, _SMOOTH_PNG = _("PNG, square pixels (*.png)"), _("PNG, smooth (*.png)")
_PATHS = _("Latent path (*.json)")
_EXPORT = _("Export")

_NO_CORNERS = _("Set four pins first: upper left, lower left, upper right, lower right.")
_NO_POINTS = _("No encoded images to arrange.")
_NO_EPOCHS = _("A film needs two or more epochs: train a network, or open a run folder.")


class LatentExport(QObject):
    """Asks for a path, and renders the same outputs as `cadl render`.

    Args:
        engine: Decodes.
        theme: Icons.
        page: The tab, which reports what was saved, or why it was not.
        shown: The run and weights that decode.
        cursor: The latent vector and the plane.
        paths: The path.
        plane_controller: Supplies the points and the view; its plane is the parent of dialogs.

    Attributes:
        action_set: The actions of `ROWS`, in order.
        progress: Shows what is being rendered, and cancels it.
    """

    def __init__(
        self,
        engine: Engine,
        theme: Theme,
        page: TabPage,
        shown: TabRun,
        cursor: LatentCursor,
        paths: LatentPaths,
        plane_controller: PlaneController,
    ) -> None:
        super().__init__(plane_controller)
        self._engine = engine
        self._fail = engine.notifications.unanswered.emit
        self._shown = shown
        self._cursor = cursor
        self._paths = paths
        self._plane_controller = plane_controller
        self._plane = plane_controller.plane
        self._jobs = engine.jobs
        self.job = RenderJob(engine, self)
        self.progress = ExportProgress(self.job.cancel)
        self.job.progressed.connect(self.progress.show_progress)
        self.job.writing.connect(self.progress.show_writing)
        self.job.ended.connect(self.progress.hide)
        self.action_set = ActionSet(ROWS, self, theme, page)

    def text(self) -> Mapping[str, str]:
        """Return the text to store in a PNG, by keyword: the bookmark of the place shown."""
        run = self._shown.run
        if run is None:
            return {}
        key, z = self._engine.runs.key(run), tuple(self._cursor.latent.tolist())
        of_run = View().with_run(key, z=z, axes=self._engine.view.value.chosen(key).axes)
        place = View(run=key, at=self._shown.position or run.newest, of_run=of_run)
        return {KEYWORD: to_text(place, run.description.name)}

    def paste(self) -> None:
        """Go to the z on the clipboard."""
        try:
            self._cursor.move_to(from_text(QGuiApplication.clipboard().text(), self._cursor.latent_dim))
        except UserError as error:
            self._fail(str(error))

    def copy(self, written: Callable[[NDArray[np.float32]], str]) -> None:
        """Copy z, written as a text."""
        text = written(self._cursor.latent)
        QGuiApplication.clipboard().setText(text)
        self._engine.notifications.show_status(_("Copied {text}").format(text=text))

    def save_film(self) -> None:
        """Export the images along the path as a film."""
        path, run, decoder = self._paths.path(), self._shown.run, self._shown.weights
        if path is None or run is None or decoder is None:
            self._fail(self._paths.unavailable_reason)
            return
        target = self._ask_where(FileKind.FILM, "path.gif", _FILMS)
        if target is not None:
            strip = target.suffix.lower() == ".png"
            self.job.start(path_film(run.run_id, decoder.position, run.recorded, path, strip=strip), target)

    def save_replay(self) -> None:
        """Export plane and points over the epochs as a film."""
        run = self._shown.run
        epochs = [] if run is None else [position for position in run.recorded if position.step == 0]
        if run is None or len(epochs) < 2:
            self._fail(_NO_EPOCHS)
            return
        target = self._ask_where(FileKind.FILM, "epochs.gif", _FILMS)
        if target is not None:
            film = replay_film(
                run.run_id, epochs, self._cursor.axes, self._plane.view, _REPLAYED_EPOCHS_PER_SECOND
            )
            self.job.start(film, target)

    def save_print(self) -> None:
        """Export the visible part of the plane as one large image."""
        box = self._plane.view
        rows = max(1, round(_PRINT_TILES * box.height / box.width))
        latents = self._cursor.axes.to_z(grid_centres(box, rows, _PRINT_TILES))
        self._save_tiles("plane.png", latents, _PRINT_TILES, _PRINT_PX)

    def save_corners(self) -> None:
        """Export the course's manifold between four pins."""
        pins = self._paths.latents
        if len(pins) != _N_CORNERS:
            self._fail(_NO_CORNERS)
            return
        latents = four_corner_manifold(pins, _CORNER_TILES)
        self._save_tiles("four-corners.png", latents, _CORNER_TILES, _CORNER_PX)

    def save_grid(self) -> None:
        """Export the encoded digits, decoded into a grid that preserves neighbourhoods."""
        decoder, latents = self._shown.weights, self._plane_controller.latents
        if decoder is None or not len(latents):
            self._fail(_NO_POINTS)
            return
        target = self._ask_where(FileKind.IMAGE, "grid.png", _PNG)
        if target is not None:
            places = self._cursor.axes.to_plane(latents)
            grid = grid_print(
                decoder.run_id, decoder.position, latents, places, side_px=_GRID_PX, text=self.text()
            )
            self.job.start(grid, target)

    def save_path(self) -> None:
        """Save the path as a small text file."""
        path = self._paths.path()
        if path is None:
            self._fail(self._paths.unavailable_reason)
            return
        target = self._ask_where(FileKind.PATH, "path.json", _PATHS)
        if target is None:
            return
        what = _("{name} could not be saved").format(name=target.name)
        notifications = self._engine.notifications
        saving = BackgroundJob(partial(path.save, target), what)
        self._jobs.start(saving, notifications.report_saved, notifications.unanswered)

    def open_path(self) -> None:
        """Open a saved path, which is read in the background, and apply its pins and kind."""
        path = ask_for_file(self._plane, FileKind.PATH, _("Open path"), _PATHS)
        if path is not None:
            reading = BackgroundJob(
                partial(LatentPath.load, path), _("“{name}” could not be read").format(name=path.name)
            )
            self._jobs.start(reading, self._on_path, self._engine.notifications.unanswered)

    @Slot(object)
    def _on_path(self, path: LatentPath) -> None:
        run, here = self._shown.run, self._cursor.latent_dim
        if run is not None and path.latent_dim != here:
            self._fail(
                _("This path has {latent_dim} latents; {name} has {here}.").format(
                    latent_dim=path.latent_dim, name=run.description.name, here=here
                )
            )
        elif run is not None:
            self._paths.apply(path, (self._shown.position or run.newest).epoch)

    def _save_tiles(self, name: str, latents: NDArray[Any], columns: int, side_px: int) -> None:
        decoder = self._shown.weights
        if decoder is None:
            return
        kinds = f"{_PNG};;{_SMOOTH_PNG}"
        answer = ask_where_and_as_what(self._plane, FileKind.IMAGE, _EXPORT, name, kinds)
        if answer is None:
            return
        target, kind = answer
        tiles = manifold_print(
            decoder.run_id,
            decoder.position,
            latents,
            columns=columns,
            side_px=side_px,
            smooth=kind == _SMOOTH_PNG,
            text=self.text(),
        )
        self.job.start(tiles, target)

    def _ask_where(self, kind: FileKind, name: str, kinds: str) -> Path | None:
        return ask_where_to_save(self._plane, kind, _EXPORT, name, kinds)


ROWS: tuple[ActionRow[LatentExport], ...] = (
    ActionRow(key="savePathFilm", menu="Latent", text="Path as film…", shortcuts=("Ctrl+Shift+F",),
              help="The images decoded along the path, as GIF, MP4 or PNG strip.",
              callback=LatentExport.save_film),
    ActionRow(key="saveReplay", menu="Latent", text="Plane through the epochs…",
              help="How plane and points formed, as GIF, MP4 or PNG strip.",
              callback=LatentExport.save_replay),
    ActionRow(key="savePrint", menu="Latent", text="Print of the plane…",
              help="The visible plane as PNG: 60 images across, 6,000 pixels.",
              callback=LatentExport.save_print),
    ActionRow(key="saveCorners", menu="Latent", text="Manifold between four pins…",
              help="The course's manifold between its four corners, as PNG.",
              callback=LatentExport.save_corners),
    ActionRow(key="saveGrid", menu="Latent", text="Images on a grid…",
              help="The encoded images, each in a cell of its own, as PNG.", callback=LatentExport.save_grid),
    ActionRow(key="savePath", menu="Latent", text="Save path…", separated=True,
              help="The path as a small text file; `cadl render` makes the film from it.",
              callback=LatentExport.save_path),
    ActionRow(key="openPath", menu="Latent", text="Open path…",
              help="Load pins and interpolation from a saved path.", callback=LatentExport.open_path),
    ActionRow(key="copyZ", menu="Latent", text="Copy z", shortcuts=("Ctrl+Alt+C",), separated=True,
              help="The handle's latent vector as numbers.", callback=lambda host: host.copy(as_numbers)),
    ActionRow(key="copyPython", menu="Latent", text="Copy z as Python", shortcuts=("Ctrl+Alt+P",),
              help="The handle's latent vector as a line of Python.",
              callback=lambda host: host.copy(as_python)),
    ActionRow(key="pasteZ", menu="Latent", text="Paste z", shortcuts=("Ctrl+Alt+V",),
              help="Go to the numbers on the clipboard.", callback=LatentExport.paste),
)  # fmt: skip
