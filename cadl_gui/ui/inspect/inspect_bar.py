"""What is shown of a layer, and in which colours."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from cadl_gui.core.weights.colour_map import COLOUR_MAPS, ColourMapName
from cadl_gui.core.weights.limits import RANGES, RangeName
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX
from cadl_gui.ui.widgets.combo import Combo

_MAPS_PX, _RANGES_PX = 112, 80


class InspectBar(QWidget):
    """Weights or activations, colour map, range, order.

    The colour map is a proposed one until somebody chooses another; that one then stays.

    Signals:
        through_toggled: (bool) whether the way through the network is to be shown, not one layer's weights.
        colour_map_changed: (`ColourMapName`) other colours.
        layer_changed: another range or order.
    """

    through_toggled = Signal(bool)
    colour_map_changed = Signal(object)
    layer_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._was_chosen = False
        self._is_lecture = False
        self._weights = _switch("Weights", "weightsButton", "The weights of one layer")
        self._through = _switch(
            "Activations", "throughButton", "One picture through the network: what every layer makes of it"
        )
        self._weights.setChecked(True)
        self._group = QButtonGroup(self)
        self._group.addButton(self._weights)
        self._group.addButton(self._through)
        self._maps = _combo(
            "colormapCombo", "Colour map", "Colours of negative and positive numbers", _MAPS_PX
        )
        for name in COLOUR_MAPS:
            self._maps.addItem(name, name)
        self._ranges = _combo("rangeCombo", "Range", "What shares a colour scale", _RANGES_PX)
        for range_name in RANGES:
            self._ranges.addItem(range_name, range_name)
        self._ranges.setCurrentIndex(RANGES.index("layer"))
        self._sort = QCheckBox("Sorted")
        self._sort.setObjectName("sortCheck")
        self._sort.setToolTip("The units with the largest weights first, by their norm")
        self._lay_out()
        self._through.toggled.connect(self._on_through)
        self._maps.activated.connect(self._on_map_chosen)
        self._maps.currentIndexChanged.connect(self._on_map_changed)
        self._ranges.currentIndexChanged.connect(self.layer_changed)
        self._sort.toggled.connect(self.layer_changed)
        theme.changed.connect(self._arrange)
        theme.changed.connect(self._propose)

    @property
    def colour_map(self) -> ColourMapName:
        """The colours to show numbers in."""
        name: ColourMapName = self._maps.currentData()
        return name

    @property
    def range_name(self) -> RangeName:
        """What shares a colour scale."""
        name: RangeName = self._ranges.currentData()
        return name

    @property
    def by_norm(self) -> bool:
        """Whether the units with the largest weights come first."""
        return self._sort.isChecked()

    @property
    def goes_through(self) -> bool:
        """Whether the way through the network is to be shown."""
        return self._through.isChecked()

    def set_lecture(self, lecture: bool) -> None:
        """Propose the lecture's colours for its own runs; for others zero is the background."""
        self._is_lecture = lecture
        self._propose()

    @Slot()
    def _propose(self) -> None:
        if self._was_chosen:
            return
        own: ColourMapName = "berlin" if self._theme.is_dark else "vik"
        self._maps.setCurrentIndex(COLOUR_MAPS.index("coolwarm" if self._is_lecture else own))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_SMALL_PX)
        row.addWidget(self._weights)
        row.addWidget(self._through)
        row.addStretch(1)
        label = QLabel("Range")
        set_style_property(label, "secondary", value=True)
        for widget in (self._maps, label, self._ranges, self._sort):
            row.addWidget(widget)
        self._of_weights = (label, self._ranges, self._sort)

    @Slot(bool)
    def _on_through(self, through: bool) -> None:
        self._arrange()
        self.through_toggled.emit(through)

    @Slot()
    def _on_map_chosen(self) -> None:
        self._was_chosen = True

    @Slot()
    def _on_map_changed(self) -> None:
        self.colour_map_changed.emit(self.colour_map)

    @Slot()
    def _arrange(self) -> None:
        """A class needs no switches but the one between the two views."""
        self._maps.setVisible(not self._theme.present)
        for widget in self._of_weights:
            widget.setVisible(not self.goes_through and not self._theme.present)


def _switch(words: str, name: str, tip: str) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setCheckable(True)
    return button


def _combo(name: str, words: str, tip: str, width_px: int) -> Combo:
    combo = Combo()
    combo.setObjectName(name)
    combo.setAccessibleName(words)
    combo.setToolTip(tip)
    combo.setFixedWidth(width_px)
    combo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return combo
