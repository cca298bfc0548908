"""The statistics of a dataset: mean and standard deviation as images, and counts."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.dataset_answers import PARTS, DatasetStatistics
from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.images import to_uint8
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.view_state import ViewState
from cadl_gui.system.words import _
from cadl_gui.ui.controls.no_scroll_combo_box import named_combo
from cadl_gui.ui.controls.parts import column_in, label, named, row_of
from cadl_gui.ui.data.counts_view import MOST_ROWS, CountsView
from cadl_gui.ui.data.part_hues import PART_HUES
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.figures.image_view import ImageView
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.stylesheet import small_control
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_WAITING = _("Statistics appear once the images are there.")
_VARIATION = _("White where the images differ most, black where they are all alike (the standard deviation)")
_ALL_CHANNELS = "RGB"
_RGB = (_("Red"), _("Green"), _("Blue"))

_CLASSES_FROM_LINES, _PARTS_FROM_LINES = 13, 32
"""Heights, as multiples of the size of the type, from which there is room for these below the images."""


class StatisticsPanel(QWidget):
    """Shows mean and standard-deviation image of all images or of a class, and how many images there are.

    The class is that of the montage, which the bars choose, too; a combo box chooses the channel of colours.

    Args:
        theme: Colours, type and icons.
        jobs: Runs the jobs that write image files.
        view: Has the class and the channel.
    """

    def __init__(self, theme: Theme, jobs: BackgroundJobs, view: ViewState) -> None:
        super().__init__()
        self._view = view
        self._dataset = ""
        self._theme = theme
        self._jobs = jobs
        self._statistics: DatasetStatistics | None = None
        self._class_names: tuple[str, ...] = ()
        self._mean = ImageView(theme, empty_text=_WAITING)
        self._deviation = ImageView(theme, empty_text="")
        self._classes = CountsView(theme, empty_text="", rows=10)
        self._parts = CountsView(theme, empty_text="", rows=len(PARTS))
        self._mean_panel = self._panel(self._mean, "meanImage", _("Mean"))
        self._deviation_panel = self._panel(self._deviation, "stdImage", _("Variation"))
        named(self._deviation, "", _VARIATION, says=_("Standard deviation"))
        self._about = label("", "statisticsLabel", wraps=True, textRole="caption", secondary=True)
        self._classes_panel = self._panel(self._classes, "classCounts", _("Images of each class"))
        self._parts_panel = self._panel(self._parts, "partCounts", _("Split of all images"))
        self._channel_combo = named_combo(
            "statisticsChannelCombo", _("Channel"), _("One channel, or all as colours")
        )
        theme.stage.put(When.DETAILS, self._parts_panel)
        self._lay_out()
        self._channel_combo.currentIndexChanged.connect(self._choose_channel)
        self._classes.chosen.connect(self._on_row_chosen)
        view.bind(self, lambda: view.value.data, self._show_images)
        theme.changed.connect(self._arrange)
        self.set_statistics(None, ())

    def set_statistics(
        self, statistics: DatasetStatistics | None, class_names: tuple[str, ...], dataset: str = ""
    ) -> None:
        """Show statistics.

        Args:
            statistics: Statistics of a dataset; None empties the panel.
            class_names: Class names by label; () without labels.
        """
        self._statistics, self._class_names, self._dataset = statistics, class_names, dataset
        n_channels = 0 if statistics is None else statistics.mean.shape[2]
        names = (
            _RGB
            if n_channels == len(_RGB)
            else tuple(_("Channel {i}").format(i=i + 1) for i in range(n_channels))
        )
        whole = [(_ALL_CHANNELS, None)] if n_channels in {0, 1, len(_RGB)} else []  # others are no colours
        self._channel_combo.offer_entries([*whole, *((name, number) for number, name in enumerate(names))])
        self._show_counts()
        self._show_images()
        self._arrange()

    @property
    def _is_by_class(self) -> bool:
        return self._statistics is not None and self._statistics.is_by_class

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let counts give way to the images, and these have no more height than square ones need."""
        super().resizeEvent(event)
        self._arrange()

    def _panel(self, view: FigureView, name: str, title: str) -> FigurePanel:
        return FigurePanel(named(view, name), self._theme, self._jobs, title)

    def _lay_out(self) -> None:
        images = row_of(GAP_SMALL_PX, (self._mean_panel, 1), (self._deviation_panel, 1))
        counts = (self._classes_panel, 4), self._parts_panel
        column = column_in(self, GAP_SMALL_PX, self._channel_combo, (images, 3), self._about, *counts)
        column.addStretch(0)

    def _limit_images(self) -> None:
        is_alone = self._deviation_panel.isHidden()
        width = self.width() if is_alone else (self.width() - GAP_SMALL_PX) // 2
        for panel in (self._mean_panel, self._deviation_panel):
            panel.setMaximumHeight(width + small_control(self._theme.sizes) + GAP_SMALL_PX)

    def _show_counts(self) -> None:
        found = self._statistics
        if found is None:
            self._classes.set_counts((), (), ())
            self._parts.set_counts((), (), ())
            return
        n = len(self._class_names)
        hues = range(n) if n <= len(self._theme.label_colours("light")) else ()
        has_images = self._is_by_class and n <= MOST_ROWS and found.mean.shape[2] in {1, len(_RGB)}
        images = to_uint8(found.class_means) if has_images else None
        self._classes.set_counts(self._class_names, found.class_counts.tolist(), hues, images)
        parts = tuple(int(count) for count in found.part_counts)
        self._parts.set_counts([part.capitalize() for part in PARTS], parts, PART_HUES)

    @Slot(int)
    def _on_row_chosen(self, label: int) -> None:
        self._view.change(data=replace(self._view.value.data.about(self._dataset), label=label))

    @Slot()
    def _choose_channel(self) -> None:
        chosen = self._view.value.data.about(self._dataset)
        self._view.change(data=replace(chosen, channel=self._channel_combo.currentData()))

    def _show_images(self) -> None:
        """Show the images of the chosen class and channel."""
        chosen = self._view.value.data.about(self._dataset)
        with QSignalBlocker(self._channel_combo):
            self._channel_combo.setCurrentIndex(max(0, self._channel_combo.findData(chosen.channel)))
        found, label = self._statistics, chosen.label
        self._classes.set_chosen(label)
        if not self._is_by_class or (label or 0) >= len(self._class_names):
            label = None
        if found is None:
            self._mean.set_image(None)
            self._deviation.set_image(None)
            return
        if label is None:
            n, mean, deviation = sum(map(int, found.part_counts)), found.mean, found.standard_deviation
        else:
            n, mean = int(found.class_counts[label]), found.class_means[label]
            deviation = found.class_standard_deviations[label]
        white = float(deviation.max()) or 1.0
        self._mean.set_image(self._of_channel(mean) if n else None)
        self._deviation.set_image(self._of_channel(deviation) if n else None, white)
        of_class = (
            "" if label is None else _(" of class {class_names}").format(class_names=self._class_names[label])
        )
        which = "" if chosen.part is None else _(" in all parts")
        about = f"{count_text(n, 'image')}{of_class}{which}" if n else _("No images")
        is_too_large = bool(self._class_names) and not self._is_by_class
        self._about.setText(
            _("{about} · too many large classes to show").format(about=about) if is_too_large else about
        )

    def _of_channel(self, image: NDArray[np.float64]) -> NDArray[np.float64]:
        channel = self._channel_combo.currentData()
        return image if channel is None else image[..., channel : channel + 1]

    @Slot()
    def _arrange(self) -> None:
        """Hide what has no choice or no room: first the split, which the line above the montage tells."""
        is_there = self._statistics is not None
        self._channel_combo.setVisible(self._channel_combo.count() > 2)
        self._deviation_panel.setVisible(is_there)
        self._about.setVisible(is_there)
        lines = self.height() / self._theme.sizes.caption
        self._classes_panel.setVisible(is_there and bool(self._class_names) and lines >= _CLASSES_FROM_LINES)
        self._theme.stage.show(self._parts_panel, is_there and lines >= _PARTS_FROM_LINES)
        self._limit_images()
