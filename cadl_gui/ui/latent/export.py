"""What can be taken away from the latent plane: films, strips, prints, paths, numbers."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from cadl_gui.core.errors import UserError
from cadl_gui.core.latent.code_text import as_numbers, as_python, from_text
from cadl_gui.core.latent.latent_path import LatentPath
from cadl_gui.core.latent.tiles import grid_centres
from cadl_gui.core.position import Position
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.film_files import save_gif, save_print, save_strip
from cadl_gui.ui.latent.bulk_decode import BulkDecode
from cadl_gui.ui.latent.decoder import Decoder
from cadl_gui.ui.latent.paths import LatentPaths
from cadl_gui.ui.latent.place import LatentPlace
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.suited_run import SuitedRun

_PRINT_TILES, _PRINT_PX = 60, 6_000
_STRIP_FRAMES = 16
_NO_PATH = "Set two pins first: the path leads from one to the other."
_PNG, _SMOOTH_PNG = "PNG, square pixels (*.png)", "PNG, smooth (*.png)"

_Write = Callable[[NDArray[Any]], None]


class LatentExport(QObject):
    """Asks where to, decodes what is needed with progress, and writes.

    Args:
        engine: that decodes.
        shown: with which weights.
        place: the handle's place and plane.
        paths: the path.
        plane: what of the plane is in view; dialogs belong to it.

    Signals:
        progressed: (str, int, int) what is being made, and how many pictures of how many are there.
        ended: nothing is being made any more.
        told: (str) a sentence: what was done.
        failed: (str) a sentence: what was not.
    """

    progressed = Signal(str, int, int)
    ended = Signal()
    told = Signal(str)
    failed = Signal(str)

    def __init__(
        self, engine: Engine, shown: SuitedRun, place: LatentPlace, paths: LatentPaths, plane: LatentPlane
    ) -> None:
        super().__init__(plane)
        self._shown = shown
        self._place = place
        self._paths = paths
        self._plane = plane
        self._bulk = BulkDecode(engine, "export", self)
        self._write: _Write | None = None
        self._path = Path()
        self._bulk.progressed.connect(self._on_progressed)
        self._bulk.finished.connect(self._on_finished)
        self._bulk.failed.connect(self._on_bulk_failed)

    def build_menu(self, parent: QWidget) -> QMenu:
        """Everything that can be taken away, and put back."""
        menu = QMenu(parent)
        deeds: tuple[tuple[str, Callable[[], None]] | None, ...] = (
            ("Path as GIF…", self.save_film),
            ("Path as PNG strip…", self.save_strip),
            ("Print of the plane…", self.save_print),
            None,
            ("Save path…", self.save_path),
            ("Open path…", self.open_path),
            None,
            ("Copy z", self.copy_numbers),
            ("Copy z as Python", self.copy_python),
            ("Paste z", self.paste),
        )
        for deed in deeds:
            if deed is None:
                menu.addSeparator()
            else:
                menu.addAction(deed[0]).triggered.connect(deed[1])
        return menu

    @Slot()
    def save_film(self) -> None:
        """The pictures along the path as a GIF."""
        path = self._demand_path()
        target = path and self._ask_where("path.gif", "GIF (*.gif)")
        if path and target:
            self._start(target[0], path, lambda p: save_gif(p, target[0], path.frames_per_second))

    @Slot()
    def save_strip(self) -> None:
        """A few pictures along the path beside each other."""
        path = self._demand_path()
        target = path and self._ask_where("path.png", "PNG (*.png)")
        if path and target:
            few = replace(path, n_frames=_STRIP_FRAMES)
            self._start(target[0], few, lambda p: save_strip(p, target[0]))

    @Slot()
    def save_print(self) -> None:
        """What is in view as one large picture."""
        decoder = Decoder.of(self._shown)
        target = decoder and self._ask_where("plane.png", f"{_PNG};;{_SMOOTH_PNG}")
        if not decoder or not target:
            return
        box = self._plane.view
        columns = _PRINT_TILES
        rows = max(1, round(columns * box.height / box.width))
        file, kind = target
        smooth = kind == _SMOOTH_PNG
        self._path = file
        self._write = lambda p: save_print(p, file, columns=columns, side_px=_PRINT_PX, smooth=smooth)
        self._bulk.start(decoder, self._place.axes.to_z(grid_centres(box, rows, columns)))

    @Slot()
    def save_path(self) -> None:
        """The path as a small text file."""
        path = self._demand_path()
        target = path and self._ask_where("path.json", "Latent path (*.json)")
        if path and target:
            self._try(lambda: path.save(target[0]), target[0])

    @Slot()
    def open_path(self) -> None:
        """Pins and kind of a path that was saved."""
        chosen = QFileDialog.getOpenFileName(self._plane, "Open path", "", "Latent path (*.json)")[0]
        run = self._shown.run
        if not chosen or run is None:
            return
        try:
            path = LatentPath.load(Path(chosen))
        except UserError as error:
            self.failed.emit(str(error))
            return
        here = self._place.n_latents
        if path.n_latents != here:
            self.failed.emit(f"This path has {path.n_latents} latents; {run.description.name} has {here}.")
            return
        self._paths.take(path, (self._shown.position or run.newest).epoch)

    @Slot()
    def copy_numbers(self) -> None:
        """Z as numbers, to the clipboard."""
        QGuiApplication.clipboard().setText(as_numbers(self._place.code))

    @Slot()
    def copy_python(self) -> None:
        """Z as a line of Python, to the clipboard."""
        QGuiApplication.clipboard().setText(as_python(self._place.code))

    @Slot()
    def paste(self) -> None:
        """Go to the z on the clipboard."""
        try:
            self._place.set_code(from_text(QGuiApplication.clipboard().text(), self._place.n_latents))
        except UserError as error:
            self.failed.emit(str(error))

    @Slot()
    def cancel(self) -> None:
        """Make nothing more."""
        self._bulk.cancel()
        self.ended.emit()

    def _demand_path(self) -> LatentPath | None:
        path = self._paths.path()
        if path is None:
            self.failed.emit(_NO_PATH)
        return path

    def _ask_where(self, name: str, kinds: str) -> tuple[Path, str] | None:
        chosen, kind = QFileDialog.getSaveFileName(self._plane, "Export", name, kinds)
        if not chosen:
            return None
        file = Path(chosen)
        return (file if file.suffix else file.with_suffix(Path(name).suffix)), kind

    def _start(self, file: Path, path: LatentPath, write: _Write) -> None:
        decoder = Decoder.of(self._shown)
        if decoder is None:
            return
        epochs = path.frame_epochs()
        self._path, self._write = file, write
        self._bulk.start(decoder if epochs is None else self._at_epochs(decoder, epochs), path.frames())

    def _at_epochs(self, decoder: Decoder, epochs: NDArray[np.int64]) -> list[Decoder]:
        """The weights of each epoch, or of the last kept one before it."""
        run = self._shown.run
        recorded = run.recorded if run is not None else []
        kept = [max((p for p in recorded if p <= Position(int(e))), default=recorded[0]) for e in epochs]
        return [replace(decoder, position=position, moment=position) for position in kept]

    @Slot(int, int)
    def _on_progressed(self, n: int, total: int) -> None:
        self.progressed.emit(self._path.name, n, total)

    @Slot(object)
    def _on_finished(self, pictures: NDArray[np.float32]) -> None:
        write = self._write
        if write is not None:
            self._try(lambda: write(pictures), self._path)
        self.ended.emit()

    @Slot(str)
    def _on_bulk_failed(self, sentence: str) -> None:
        self.ended.emit()
        self.failed.emit(sentence)

    def _try(self, deed: Callable[[], None], path: Path) -> None:
        try:
            deed()
        except OSError as error:
            self.failed.emit(f"{path.name} could not be saved: {error.strerror or error}.")
        else:
            self.told.emit(f"{path.name} is saved.")
