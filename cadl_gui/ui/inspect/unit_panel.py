"""The chosen unit: its picture, its weights in numbers, and what it makes of a picture."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from cadl_gui.core.weights.activation_maps import ActivationMaps
from cadl_gui.core.weights.colour_map import ColourMapName
from cadl_gui.core.weights.layer_picture import LayerPicture
from cadl_gui.core.weights.reading import REASONS
from cadl_gui.ui.inspect.activation_view import ActivationView
from cadl_gui.ui.inspect.histogram_view import HistogramView
from cadl_gui.ui.inspect.unit_view import UnitView
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX
from cadl_gui.ui.widgets.picture_view import PictureView
from cadl_gui.ui.widgets.stage import Stage

_EXCITING_COLUMNS, _EXCITING_ROWS = 5, 3
N_EXCITING = _EXCITING_COLUMNS * _EXCITING_ROWS
"""Examples that have room."""


class UnitPanel(QWidget):
    """Stages, one below the other, and the picker of the example picture.

    Signals:
        pointer_text: (str) what is under the pointer.
        failed: (str) a picture could not be saved.
        example_chosen: (int) number of an example picture, from 0.
    """

    pointer_text = Signal(str)
    failed = Signal(str)
    example_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._unit = UnitView(theme, empty_text="Choose a unit in the montage.")
        self._unit.setObjectName("unitImage")
        self._histogram = HistogramView(theme, empty_text="Its weights are counted here.")
        self._histogram.setObjectName("unitHistogram")
        self._activation = ActivationView(theme, empty_text="What it makes of a picture appears here.")
        self._activation.setObjectName("unitActivation")
        self._exciting = PictureView(theme, empty_text="The examples that excite it most, if any do.")
        self._exciting.setObjectName("excitingPictures")
        self._reason = QLabel()
        self._reason.setObjectName("unitReason")
        self._reason.setWordWrap(True)
        set_style_property(self._reason, "textRole", "caption")
        set_style_property(self._reason, "secondary", value=True)
        self._unit_stage = Stage(self._unit, theme, "Unit")
        self._histogram_stage = Stage(self._histogram, theme, "Histogram")
        self._histogram_stage.set_note("line: layer")
        self._activation_stage = Stage(self._activation, theme, "Activation")
        self._has_examples = False
        self._shows_histogram = self._shows_activation = True
        self._shows_exciting = False
        self._exciting_stage = Stage(self._exciting, theme, "Most exciting examples")
        self._lay_out()
        self._picker.valueChanged.connect(self.example_chosen)
        stages = self._unit_stage, self._histogram_stage, self._activation_stage, self._exciting_stage
        for stage in stages:
            stage.pointer_text.connect(self.pointer_text)
            stage.failed.connect(self.failed)
        theme.changed.connect(self._arrange)
        self._arrange()

    @property
    def example(self) -> int:
        """Number of the example picture, from 0."""
        return self._picker.value()

    def set_n_examples(self, n: int) -> None:
        """Offer so many example pictures."""
        self._picker.setRange(0, max(0, n - 1))
        self._has_examples = n > 0
        self._arrange()

    def set_room(self, *, for_all: bool, through: bool) -> None:
        """Leave out what there is no room for.

        Args:
            for_all: whether three stages have room.
            through: whether activations matter more than weights.
        """
        self._shows_histogram, self._shows_activation = not through, for_all or through
        self._shows_exciting = for_all and through
        self._arrange()

    def set_colour_map(self, name: ColourMapName) -> None:
        """Show numbers in other colours."""
        for view in (self._unit, self._activation):
            view.set_colour_map(name)

    def set_inverted(self, inverted: bool) -> None:
        """Show example pictures as ink on paper."""
        self._activation.set_inverted(inverted)
        self._exciting.set_inverted(inverted)

    def set_unit(
        self, shown: LayerPicture | None, tile: int = 0, bias: NDArray[np.float32] | None = None
    ) -> None:
        """Show one picture of a layer's weights.

        Args:
            shown: the layer; None empties the panel.
            tile: number of the picture, input * units + unit.
            bias: of the layer's units, if it has one.
        """
        if shown is None:
            self._unit.set_unit(None)
            self._histogram.set_weights(None)
            self._activation.set_activation(None)
            self._exciting.set_pictures(None)
            self._reason.setText("")
            return
        pictures = shown.pictures
        source, unit = divmod(tile, pictures.n_units)
        kernel = f" · input {source}" if pictures.n_inputs > 1 else ""
        self._unit_stage.set_title(f"Unit {unit}{kernel}")
        self._activation_stage.set_title(f"Activation of unit {unit}")
        self._unit.set_unit(pictures, tile, float(shown.limits[source, unit]))
        self._reason.setText(REASONS[shown.reading.look(tile)])
        self._histogram.set_weights(
            pictures.patches[:, unit],
            pictures.patches,
            float(shown.limits.max()),
            None if bias is None or pictures.paints else float(bias[unit]),
        )

    @Slot(object, object, int)
    def set_activation(
        self, picture: NDArray[np.float32] | None, maps: ActivationMaps | None, unit: int
    ) -> None:
        """Show what a unit makes of a picture, (height, width, channels) in [0, 1]; None empties the view."""
        if picture is None or maps is None:
            self._activation.set_activation(None)
            return
        self._activation.set_activation(picture, maps.maps[unit], maps.limit)

    def set_exciting(self, pictures: NDArray[np.float32], n_examples: int) -> None:
        """Show the examples that excite the unit most, (n, height, width, channels), the most first."""
        self._exciting.set_pictures(pictures if len(pictures) else None, columns=_EXCITING_COLUMNS)
        self._exciting_stage.set_title(f"Most exciting of {n_examples} examples")

    def _lay_out(self) -> None:
        self._picker = QSpinBox()
        self._picker.setObjectName("examplePicker")
        self._picker.setAccessibleName("Example picture")
        self._picker.setToolTip("Which of the run's example pictures goes through the network")
        self._picker.setWrapping(True)
        self._picker_row = QWidget()
        row = QHBoxLayout(self._picker_row)
        row.setContentsMargins(0, 0, 0, 0)
        label = QLabel("Example picture")
        set_style_property(label, "secondary", value=True)
        row.addWidget(label)
        row.addWidget(self._picker)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SMALL_PX)
        column.addWidget(self._unit_stage, stretch=5)
        column.addWidget(self._reason)
        column.addWidget(self._histogram_stage, stretch=4)
        column.addWidget(self._activation_stage, stretch=4)
        column.addWidget(self._picker_row)
        column.addWidget(self._exciting_stage, stretch=4)

    @Slot()
    def _arrange(self) -> None:
        """A class that looks at a wall sees pictures, not statistics."""
        present = self._theme.present
        activation = self._has_examples and (present or self._shows_activation)
        self._reason.setVisible(not present)
        self._exciting_stage.setVisible(self._shows_exciting and self._has_examples and not present)
        self._histogram_stage.setVisible(self._shows_histogram and not present)
        self._activation_stage.setVisible(activation)
        self._picker_row.setVisible(activation and not present)
