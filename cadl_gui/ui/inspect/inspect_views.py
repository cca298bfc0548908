"""What fills the middle of the Inspect tab: one view at a time, and the bar that chooses it."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cadl_gui.core.weights.colour_map import ColourMapName
from cadl_gui.ui.inspect.activations_view import ActivationsView
from cadl_gui.ui.inspect.arithmetic_panel import ArithmeticPanel
from cadl_gui.ui.inspect.inspect_bar import InspectBar, InspectView
from cadl_gui.ui.inspect.lecture_view import LectureView
from cadl_gui.ui.inspect.operations_view import OperationsView
from cadl_gui.ui.inspect.weights_view import WeightsView
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX
from cadl_gui.ui.widgets.stage import Stage

_EMPTY = "Train or open a run. What it has learned appears here."
_ABOUT_LINES = 2
_NOT_FOLLOWED = "What every layer makes of a picture appears here."


class InspectViews(QWidget):
    """Lays the views out and shows the one that the bar names; what is in them is put there by the tab.

    Attributes:
        bar: chooses the view, colours, range and order.
        montage: weights of a layer.
        lecture: the same as the lecture shows it.
        through: what every layer makes of a picture.
        arithmetic: a unit at work.
        operations: the graph.

    Signals:
        pointer_text: (str) what is under the pointer.
        failed: (str) a picture could not be saved.
    """

    pointer_text = Signal(str)
    failed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.bar = InspectBar(theme)
        self._about = QLabel()
        self._about.setObjectName("layerAbout")
        self._about.setWordWrap(True)
        self._about.setAlignment(Qt.AlignmentFlag.AlignTop)
        set_style_property(self._about, "textRole", "caption")
        set_style_property(self._about, "secondary", value=True)
        self.montage = WeightsView(theme, empty_text=_EMPTY)
        self.montage.setObjectName("weightsMontage")
        self.lecture = LectureView(theme, empty_text=_EMPTY)
        self.lecture.setObjectName("lectureMontage")
        self.through = ActivationsView(theme, empty_text=_NOT_FOLLOWED)
        self.through.setObjectName("networkActivations")
        self.arithmetic = ArithmeticPanel(theme)
        self.operations = OperationsView(theme)
        self._montage_stage = Stage(self.montage, theme, "Weights")
        self._lecture_stage = Stage(self.lecture, theme, "As in the lecture")
        self._through_stage = Stage(self.through, theme, "Through the network")
        self._places: dict[InspectView, QWidget] = {
            "weights": self._montage_stage,
            "activations": self._through_stage,
            "arithmetic": self.arithmetic,
            "operations": self.operations,
        }
        self._is_lecture = False
        self._lay_out()
        self.bar.view_changed.connect(self._arrange)
        theme.changed.connect(self._arrange)
        stages = self._montage_stage, self._lecture_stage, self._through_stage
        for part in (*stages, self.arithmetic, self.operations):
            part.pointer_text.connect(self.pointer_text)
            part.failed.connect(self.failed)

    def set_about(self, sentences: str) -> None:
        """Say what the weights show, or why there are none."""
        self._about.setText(sentences)

    def set_title(self, layer: str) -> None:
        """Name the layer whose weights are shown."""
        self._montage_stage.set_title(layer)
        self._lecture_stage.set_title(f"{layer} as in the lecture")

    def set_note(self, note: str) -> None:
        """Say at the right of the titles which run and position are shown."""
        for part in (self._montage_stage, self._lecture_stage, self._through_stage, self.operations):
            part.set_note(note)

    def set_colour_map(self, name: ColourMapName) -> None:
        """Show numbers in other colours."""
        for view in (self.montage, self.lecture, self.through, self.arithmetic):
            view.set_colour_map(name)

    def set_lecture(self, lecture: bool) -> None:
        """Whether weights are shown as the lecture does."""
        if lecture is not self._is_lecture:
            self._is_lecture = lecture
            self._arrange()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SMALL_PX)
        column.addWidget(self.bar)
        column.addWidget(self._about)
        for widget in (*self._places.values(), self._lecture_stage):
            column.addWidget(widget, stretch=1)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        view = self.bar.view
        lecture = view == "weights" and self._is_lecture
        for name, widget in self._places.items():
            widget.setVisible(name == view and not lecture)
        self._lecture_stage.setVisible(lecture)
        self._about.setVisible(view == "weights" and not self._theme.present)
        # Whatever is found in the weights of another epoch, the montage stays where it is.
        self._about.setMinimumHeight(_ABOUT_LINES * self._about.fontMetrics().lineSpacing())
