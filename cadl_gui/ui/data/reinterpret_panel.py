"""A dataset as the network shown sees it: image and reconstruction, played, and saved as a film."""

import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.dataset_description import DatasetDescription, DatasetImage
from cadl_gui.domain.dataset_requests import DatasetRef, FetchImage
from cadl_gui.domain.formatting import number_text
from cadl_gui.domain.images import shape_text, to_uint8
from cadl_gui.domain.moving_images import FILM_RATE, USUAL_RATE, ImageOrder
from cadl_gui.domain.requests import Reconstruct
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import OnFailure
from cadl_gui.engine.question import Question
from cadl_gui.engine.weights_ref import WeightsRef
from cadl_gui.imaging.drawing.ink import to_float
from cadl_gui.pictures.reinterpretation import Reinterpreted
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.controls.action_button import ActionButton
from cadl_gui.ui.controls.elided_label import ElidedLabel
from cadl_gui.ui.controls.export_progress import ExportProgress
from cadl_gui.ui.controls.jump_slider import JumpSlider
from cadl_gui.ui.controls.parts import column_in, label, named, push_button, row_of
from cadl_gui.ui.controls.timer import Timer
from cadl_gui.ui.data.reinterpretation import Obstacle, obstacle, prepared_for
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.figures.image_view import ImageView
from cadl_gui.ui.file_dialogs import ask_where_to_save
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.settings import FileKind
from cadl_gui.ui.theme.stylesheet import small_control
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_FILM = _("MP4 (*.mp4)")
_NAMES = (_("image"), _("reconstruction"))
_NO_NUMBER = -1
_NO_IMAGES = _("No image passes the filter.")
_BUSY = _("A film is being written.")
_TITLE = _("Network's view")
_EMPTY = _("Each image appears here next to the network's output.")
_PAGES = 20
"""A click beside the slider's handle moves by such a part of all images."""


class ReinterpretPanel(QWidget):
    """Follows the view state: another run or epoch makes something else of the same image.

    The image and its reconstruction are shown together once both are there. While it is hidden, nothing is
    asked or played; a film goes on. Images play in real time: a busy machine skips some, never the last one.

    Args:
        engine: answers requests and writes films.
        theme: for colours, fonts and actions.
        page: widget in whose window the keys of the actions work.
        on_unreadable: called where an image could not be read: the dataset's files have changed.

    Attributes:
        action_set: the actions of `ROWS`.
    """

    def __init__(self, engine: Engine, theme: Theme, page: QWidget, on_unreadable: OnFailure) -> None:
        super().__init__()
        self._engine = engine
        self._theme = theme
        self._dataset: DatasetRef | None = None
        self._about: DatasetDescription | None = None
        self._numbers = np.zeros(0, np.int32)
        self._place, self._number = 0, _NO_NUMBER
        self._image: DatasetImage | None = None
        self._fetching = Question(engine, self, self._fetch, on_unreadable, page=self)
        self._weights = partial(WeightsRef.in_view, engine.view, engine.bending)
        fail = engine.notifications.unanswered.emit
        self._reconstructing = Question(
            engine, self, self._show_reconstruction, fail, self._weights, page=self
        )
        self._played_from, self._began = 0, 0.0
        self._timer = Timer(self, self._step, repeats=True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.action_set = ActionSet(ROWS, self, theme, page)
        self._lay_out()
        self._connect()
        self._limit_figure()

    def _lay_out(self) -> None:
        self._view = named(ImageView(self._theme, empty_text=_EMPTY), "reinterpretedPair")
        self._figure = FigurePanel(self._view, self._theme, self._engine.jobs, _TITLE)
        tip = _("Go through the images, in the order shown")
        self._slider = named(JumpSlider(), "imageSlider", tip, says=_("Image"))
        self._name = ElidedLabel("reinterpretedLabel", keeps_end=True, textRole="caption", secondary=True)
        # It says why the largest part of the page is empty; a caption would be read last.
        self._message = label("", "reinterpretMessage", wraps=True, textRole="body")
        prepare = _("Prepare for the network…")
        self._prepare = push_button(prepare, "prepareForNetworkButton", slot=self._on_prepare)
        self._progress = ExportProgress(self._engine.reinterpreting.cancel, "film")
        self._save = ActionButton(self.action_set["saveReinterpreted"])
        row = row_of(GAP_SMALL_PX, ActionButton(self.action_set["playImages"]), (self._slider, 1))
        column = column_in(self, GAP_SMALL_PX, (self._figure, 100), row, self._name, self._message)
        column.addWidget(self._prepare, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._save, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._progress)
        column.addStretch(1)

    @property
    def reason(self) -> str:
        """Why nothing can be reinterpreted now; "" if it can."""
        return self._obstacle.message or ("" if len(self._numbers) else _NO_IMAGES)

    @property
    def why_not_saved(self) -> str:
        """Why no film can be saved now; "" if it can."""
        return self.reason or (_BUSY if self._engine.reinterpreting.name else "")

    @property
    def is_playing(self) -> bool:
        """Whether the images are playing."""
        return self._timer.isActive()

    def set_dataset(self, dataset: DatasetRef | None, about: DatasetDescription | None) -> None:
        """Show another dataset; None shows none."""
        self._dataset, self._about, self._image, self._number = dataset, about, None, _NO_NUMBER
        self._fetching.cancel()
        self._reconstructing.cancel()
        self.set_numbers(np.zeros(0, np.int32))

    @Slot(object)
    def set_numbers(self, numbers: NDArray[np.int32]) -> None:
        """Set the images and their order: indices in the dataset, (m,).

        The image shown stays, if it is among them.
        """
        self._stop()
        self._numbers = numbers
        here = np.flatnonzero(numbers == self._number)
        self._place = int(here[0]) if len(here) else 0
        self._image = self._image if len(here) else None
        self._number = int(numbers[self._place]) if len(numbers) else self._number
        with QSignalBlocker(self._slider):
            self._slider.setRange(0, max(0, len(numbers) - 1))
            self._slider.setPageStep(max(1, len(numbers) // _PAGES))
            self._slider.setValue(self._place)
        self._slider.setEnabled(len(numbers) > 1)
        self._fetching.follow()
        self._refresh()

    def show_number(self, number: int) -> None:
        """Show the image with this index in the dataset, if it is among those that are shown.

        While the panel is hidden, it is shown as soon as the panel is.
        """
        here = np.flatnonzero(self._numbers == number)
        if len(here):
            self._on_image_wanted(int(here[0]))

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop playing."""
        super().hideEvent(event)
        self._stop()

    def toggle_play(self) -> None:
        """Play the images from the one shown, or from the first after the last; or stop."""
        self._show_page()
        if self.is_playing:
            self._stop()
            return
        if self._place >= len(self._numbers) - 1:
            self._go_to(0)
        self._play()

    def _play(self) -> None:
        """Play from the image shown to the last one."""
        self._played_from, self._began = self._place, time.monotonic()
        self._timer.start(max(1, round(1000 / self._rate)))
        self.action_set.refresh()

    def _stop(self) -> None:
        self._timer.stop()
        self.action_set.refresh()

    @Slot()
    def _step(self) -> None:
        last = len(self._numbers) - 1
        place = min(self._played_from + int((time.monotonic() - self._began) * self._rate), last)
        if place != self._place:
            self._go_to(place)
        if place >= last:
            self._stop()

    def _show_page(self) -> None:
        view = self._engine.view
        view.change(data=replace(view.value.data, page="reinterpret"))

    def save(self) -> None:
        """Ask for a path, and write the film."""
        run, about, dataset = self._engine.view.run, self._about, self._dataset
        if run is None or about is None or dataset is None or self.why_not_saved:
            return
        self._show_page()
        name = _("{stem} seen by {name}.mp4").format(stem=Path(about.name).stem, name=run.description.name)
        path = ask_where_to_save(self, FileKind.FILM, _("Save film"), name, _FILM)
        if path is not None:
            # The newest weights of a training change; the film needs some that stay.
            position = self._engine.view.position_of(run) or run.retained_near(run.newest)
            order = ImageOrder(self._rate, self._numbers)
            self._engine.reinterpreting.start(run, position, dataset.config.dataset, order, path)

    def _connect(self) -> None:
        view, films = self._engine.view, self._engine.reinterpreting
        view.bind(self.action_set, lambda: view.run, self._on_run_changed)  # also while it is hidden
        view.bind(self.action_set, lambda: self._engine.runs.descriptions, self._refresh)
        view.bind(self.action_set, lambda: view.shown, self._reconstruct)
        self._slider.valueChanged.connect(self._on_image_wanted)
        self._theme.changed.connect(self._limit_figure)
        films.changed.connect(self._on_film_changed)
        films.finished.connect(self._on_saved)
        films.failed.connect(self._on_not_saved)

    @property
    def _obstacle(self) -> Obstacle:
        return obstacle(self._engine.view.run, self._about, self._engine.runs)

    @property
    def _rate(self) -> float:
        return FILM_RATE if self._about is not None and self._about.is_film else USUAL_RATE

    @Slot(int)
    def _on_image_wanted(self, place: int) -> None:
        """Go where the user wants to be; what plays goes on from there."""
        self._go_to(place)
        if self.is_playing:
            self._play()

    def _go_to(self, place: int) -> None:
        self._place, self._number = place, int(self._numbers[place]) if len(self._numbers) else _NO_NUMBER
        with QSignalBlocker(self._slider):
            self._slider.setValue(place)
        self._fetching.follow()

    async def _fetch(self) -> None:
        if self._dataset is not None and len(self._numbers):
            image, _ = await FetchImage(self._dataset, int(self._numbers[self._place]))
            self._image = image
            self._reconstruct()

    def _reconstruct(self) -> None:
        self._reconstructing.follow()

    async def _show_reconstruction(self) -> None:
        """Ask for the reconstruction of the image; without one, show the image alone."""
        image, shown = self._image, self._weights()
        if image is None:
            return
        if shown is None or self._obstacle.message:
            self._reconstructing.cancel()
            self._show(image, None, "")
        else:
            seen = to_float(image.image)[np.newaxis]
            seen.flags.writeable = False
            made, position = await Reconstruct(shown.run_id, shown.position, seen)
            run = self._engine.view.run
            if run is not None and self._about is not None and position is not None:
                where = run.description.position_text(position)
                self._show(image, made[0], _("by {letter} · {where}").format(letter=run.letter, where=where))

    def _show(self, image: DatasetImage, made: NDArray[np.float32] | None, note: str) -> None:
        words = [image.file_name or _("image {number:,}").format(number=image.number)]
        if made is not None:
            error = float(np.square(made - to_float(image.image)).mean())
            words.append(_("squared error {error}").format(error=number_text(error)))
        self._show_pair(image.image, None if made is None else to_uint8(made), note, " · ".join(words))

    def _show_pair(
        self, image: NDArray[np.uint8] | None, made: NDArray[np.uint8] | None, note: str, about_image: str
    ) -> None:
        pair = [each for each in (image, made) if each is not None]
        words = (
            _("The image alone.") if made is None else _("The image, and its reconstruction at its right.")
        )
        self._view.set_images(np.stack(pair) if pair else None, names=_NAMES, words=words)
        self._limit_figure()
        self._figure.set_note(note)
        self._name.setText(about_image)
        self._name.setToolTip(plain_tip(about_image))

    @Slot()
    def _on_run_changed(self) -> None:
        self._refresh()
        self._reconstruct()

    def _refresh(self) -> None:
        """Say what prevents a reinterpretation, and enable what can be done."""
        found = self._obstacle
        self._message.setText(found.message)
        self._message.setVisible(bool(found.message) and self._about is not None)
        if found.shape is not None:
            self._prepare.setText(_("Prepare at {shape}…").format(shape=shape_text(found.shape)))
        self._prepare.setVisible(found.shape is not None)
        if self._image is None:
            self._show_pair(None, None, "", "")
        if self.reason:
            self._stop()
        self.action_set.refresh()

    @Slot()
    def _on_prepare(self) -> None:
        shape = self._obstacle.shape
        if shape is not None and self._dataset is not None:
            dataset = prepared_for(self._dataset.config.dataset, shape)
            self._engine.opened_datasets.asked_for.emit(dataset)

    @Slot()
    def _on_film_changed(self) -> None:
        films = self._engine.reinterpreting
        self._progress.setToolTip(plain_tip(films.name))
        if films.name:
            n, total = films.progress
            self._progress.show_progress(_("Film"), n, max(n, total))
        else:
            self._progress.hide()
        self.action_set.refresh()

    @Slot(object)
    def _on_saved(self, film: Reinterpreted) -> None:
        self._engine.notifications.report_saved(film.path)
        if film.problems:
            problems = _(" and ").join(film.problems)
            self._engine.notifications.warn(
                _("Saved “{name}”, but the original {problems}.").format(
                    name=film.path.name, problems=problems
                )
            )

    @Slot(str, str)
    def _on_not_saved(self, message: str, details: str) -> None:
        self._engine.notifications.fail(message, details)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the images no more height than they need."""
        super().resizeEvent(event)
        self._limit_figure()

    @Slot()
    def _limit_figure(self) -> None:
        """Keep the height that a pair needs, also for one image, so that nothing below it moves."""
        images = self._view.images
        height, width = (1, 1) if images is None else images.shape[1:3]
        title = small_control(self._theme.sizes) + 2 * GAP_SMALL_PX
        needed = self.width() * height // (2 * width) + title
        self._figure.setMaximumHeight(max(needed, self._figure.minimumSizeHint().height()))


ROWS: tuple[ActionRow[ReinterpretPanel], ...] = (
    ActionRow(key="playImages", menu="Data", text="Play", shortcuts=("P",), separated=True,
              help="Play the images next to the network's output.",
              callback=ReinterpretPanel.toggle_play, why_not=lambda host: host.reason,
              label=lambda host: _("Pause") if host.is_playing else _("Play")),
    ActionRow(key="saveReinterpreted", menu="Data", text="Save the network's view as film…",
              help="All images next to the network's output, as MP4; a film with its sound.",
              callback=ReinterpretPanel.save, why_not=lambda host: host.why_not_saved),
)  # fmt: skip
