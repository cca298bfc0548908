"""Asks the network shown what it makes of a dataset's images, plays them, and saves them as a film."""

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.dataset_description import DatasetDescription, DatasetImage
from cadl_gui.domain.dataset_requests import DatasetRef, FetchImage
from cadl_gui.domain.formatting import number_text
from cadl_gui.domain.images import shape_text, to_uint8
from cadl_gui.domain.moving_images import FILM_RATE, USUAL_RATE, ImageOrder
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Reconstruct
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.engine.weights_ref import WeightsRef
from cadl_gui.imaging.drawing.ink import to_float
from cadl_gui.pictures.reinterpretation import Reinterpreted
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.data.image_player import ImagePlayer
from cadl_gui.ui.data.reinterpret_panel import ReinterpretPanel
from cadl_gui.ui.data.reinterpretation import Obstacle, obstacle, prepared_for
from cadl_gui.ui.file_dialogs import ask_where_to_save
from cadl_gui.ui.settings import FileKind
from cadl_gui.ui.theme.theme import Theme

_FILM = "MP4 (*.mp4)"
_NO_NUMBER = -1
_NO_IMAGES = "No image passes the filter."
_BUSY = "A film is being written."


class ReinterpretController(QObject):
    """Follows the view state: another run or epoch makes something else of the same image.

    The image and its reconstruction are shown together once both are there. While it is inactive, nothing is
    asked or played; a film goes on.

    Args:
        engine: answers requests and writes films.
        theme: for actions.
        panel: shows image and reconstruction.
        page: widget in whose window the keys of the actions work.

    Signals:
        outdated: (str) why an image could not be read, as happens when the dataset's files have changed.
        prepare_wanted: (str) a dataset should be prepared, by its name in a configuration.
        page_wanted: the panel should be shown.
    """

    outdated = Signal(str)
    prepare_wanted = Signal(str)
    page_wanted = Signal()

    def __init__(self, engine: Engine, theme: Theme, panel: ReinterpretPanel, page: QWidget) -> None:
        super().__init__(panel)
        self._engine = engine
        self._panel = panel
        self._dataset: DatasetRef | None = None
        self._about: DatasetDescription | None = None
        self._numbers = np.zeros(0, np.int32)
        self._place, self._number = 0, _NO_NUMBER
        self._image: DatasetImage | None = None
        self._is_active = False
        self._fetching = InferenceClient(engine.datasets, self)
        self._weights = partial(WeightsRef.in_view, engine.view, engine.bending)
        self._fail = engine.notifications.unanswered.emit
        self._reconstructing = InferenceClient(engine.inference, self, self._weights)
        self._player = ImagePlayer(self)
        self.action_set = ActionSet(ROWS, self, theme, page)
        panel.set_actions(self.action_set.by_key)
        self._connect()
        self.set_active(False)
        self._refresh()

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
        return self._player.is_playing

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
        self._player.stop()
        self._numbers = numbers
        here = np.flatnonzero(numbers == self._number)
        self._place = int(here[0]) if len(here) else 0
        self._image = self._image if len(here) else None
        self._panel.set_count(len(numbers))
        self._panel.set_place(self._place)
        self._fetch()
        self._refresh()

    def show_number(self, number: int) -> None:
        """Show the image with this index in the dataset, if it is among those that are shown.

        While the panel is hidden, it is shown as soon as the panel is.
        """
        here = np.flatnonzero(self._numbers == number)
        if len(here):
            self._on_image_wanted(int(here[0]))

    @Slot(bool)
    def set_active(self, active: bool) -> None:
        """Set whether requests are sent and images can play."""
        self._is_active = active
        self._fetching.set_active(active)
        self._reconstructing.set_active(active)
        if active:
            self._fetch()
        else:
            self._player.stop()

    def toggle_play(self) -> None:
        """Play the images from the one shown, or from the first after the last; or stop."""
        self.page_wanted.emit()
        if self._player.is_playing:
            self._player.stop()
            return
        n = len(self._numbers)
        if self._place >= n - 1:
            self._go_to(0)
        self._player.play(self._place, n, self._rate)

    def save(self) -> None:
        """Ask for a path, and write the film."""
        run, about, dataset = self._engine.view.run, self._about, self._dataset
        if run is None or about is None or dataset is None or self.why_not_saved:
            return
        self.page_wanted.emit()
        name = f"{Path(about.name).stem} seen by {run.description.name}.mp4"
        path = ask_where_to_save(self._panel, FileKind.FILM, "Save film", name, _FILM)
        if path is not None:
            # The newest weights of a training change; the film needs some that stay.
            position = self._engine.view.position_of(run) or run.retained_near(run.newest)
            order = ImageOrder(self._rate, self._numbers)
            self._engine.reinterpreting.start(run, position, dataset.config.dataset, order, path)

    def _connect(self) -> None:
        view, films, panel = self._engine.view, self._engine.reinterpreting, self._panel
        view.bind(self, lambda: view.run, self._on_run_changed)
        self._engine.runs.added.connect(self._refresh)
        self._engine.runs.removed.connect(self._refresh)
        view.bind(self, lambda: view.shown, self._reconstruct)
        self._engine.bending.changed.connect(self._reconstruct)
        panel.image_wanted.connect(self._on_image_wanted)
        panel.prepare_wanted.connect(self._prepare)
        panel.cancel_wanted.connect(films.cancel)
        self._player.stepped.connect(self._go_to)
        self._player.playing_changed.connect(self.action_set.refresh)
        films.changed.connect(self._on_film_changed)
        films.saved.connect(self._on_saved)
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
        if self._player.is_playing:
            self._player.play(place, len(self._numbers), self._rate)

    @Slot(int)
    def _go_to(self, place: int) -> None:
        self._place, self._number = place, int(self._numbers[place]) if len(self._numbers) else _NO_NUMBER
        self._panel.set_place(place)
        self._fetch()

    def _fetch(self) -> None:
        if self._is_active and self._dataset is not None and len(self._numbers):
            request = FetchImage(self._dataset, int(self._numbers[self._place]))
            self._fetching.ask(request, self._on_image, self.outdated.emit)

    def _on_image(self, image: DatasetImage, _: Position | None) -> None:
        self._image = image
        if self._number == _NO_NUMBER:
            self._number = image.number
        self._reconstruct()

    @Slot()
    def _reconstruct(self) -> None:
        """Ask for the reconstruction of the image; without one, show the image alone."""
        image, shown = self._image, self._weights()
        if not self._is_active or image is None:
            return
        if shown is None or self._obstacle.message:
            self._reconstructing.cancel()
            self._show(image, None, "")
        else:
            seen = to_float(image.image)[np.newaxis]
            seen.flags.writeable = False
            request = Reconstruct(shown.run_id, shown.position, seen)
            self._reconstructing.ask(request, partial(self._on_reconstructed, image), self._fail)

    def _on_reconstructed(
        self, image: DatasetImage, made: NDArray[np.float32], position: Position | None
    ) -> None:
        run = self._engine.view.run
        if run is not None and self._about is not None and position is not None:
            where = run.description.position_text(position)
            self._show(image, made[0], f"by {run.letter} · {where}")

    def _show(self, image: DatasetImage, made: NDArray[np.float32] | None, note: str) -> None:
        words = [image.file_name or f"image {image.number:,}"]
        if made is not None:
            error = float(np.square(made - to_float(image.image)).mean())
            words.append(f"squared error {number_text(error)}")
        self._panel.set_pair(image.image, None if made is None else to_uint8(made))
        self._panel.set_texts(note, " · ".join(words))

    @Slot()
    def _on_run_changed(self) -> None:
        self._refresh()
        self._reconstruct()

    @Slot()
    def _refresh(self) -> None:
        """Say what prevents a reinterpretation, and enable what can be done."""
        found = self._obstacle
        self._panel.set_message(
            found.message if self._about is not None else "",
            f"Prepare at {shape_text(found.shape)}…" if found.shape is not None else "",
        )
        if self._image is None:
            self._panel.set_pair(None, None)
            self._panel.set_texts("", "")
        if self.reason:
            self._player.stop()
        self.action_set.refresh()

    @Slot()
    def _prepare(self) -> None:
        shape = self._obstacle.shape
        if shape is not None and self._dataset is not None:
            self.prepare_wanted.emit(prepared_for(self._dataset.config.dataset, shape))

    @Slot()
    def _on_film_changed(self) -> None:
        films = self._engine.reinterpreting
        self._panel.show_progress(films.name, *films.progress)
        self.action_set.refresh()

    @Slot(object)
    def _on_saved(self, film: Reinterpreted) -> None:
        self._engine.notifications.report_saved(film.path)
        if film.problems:
            problems = " and ".join(film.problems)
            self._engine.notifications.warn(f"Saved “{film.path.name}”, but the original {problems}.")

    @Slot(str, str)
    def _on_not_saved(self, message: str, details: str) -> None:
        self._engine.notifications.fail(message, details)


ROWS: tuple[ActionRow[ReinterpretController], ...] = (
    ActionRow(key="playImages", menu="Data", text="Play", shortcuts=("P",), separated=True,
              help="Play the images next to the network's output.",
              callback=ReinterpretController.toggle_play, enabled=lambda host: not host.reason,
              why_not=lambda host: host.reason,
              label=lambda host: "Pause" if host.is_playing else "Play"),
    ActionRow(key="saveReinterpreted", menu="Data", text="Save the network's view as film…",
              help="All images next to the network's output, as MP4; a film with its sound.",
              callback=ReinterpretController.save, enabled=lambda host: not host.why_not_saved,
              why_not=lambda host: host.why_not_saved),
)  # fmt: skip
