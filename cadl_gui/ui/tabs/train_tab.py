"""The Train tab: a form, the training controls, and a live view of the network as it learns."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QProgressBar, QSlider, QVBoxLayout, QWidget

from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts
from cadl_gui.domain.position import Position
from cadl_gui.ui.confusion_fetcher import ConfusionFetcher
from cadl_gui.ui.progress_text import progress_text
from cadl_gui.ui.reconstruction_cache import ReconstructionCache
from cadl_gui.ui.run_curves import RunCurves
from cadl_gui.ui.tab_page import PageContext, TabPage
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, PAGE_MARGIN_PX
from cadl_gui.ui.widgets.confusion_view import ConfusionView
from cadl_gui.ui.widgets.figure_panel import FigurePanel
from cadl_gui.ui.widgets.image_view import ImageView
from cadl_gui.ui.widgets.mistakes_view import MistakesView
from cadl_gui.ui.widgets.plot_view import PlotView
from cadl_gui.ui.widgets.training_bar import TrainingBar

if TYPE_CHECKING:
    from cadl_gui.engine.run import Run

_REFRESH_MS = 33
_FORM_WIDTH_PX = 240
_FORM_FITS_FROM_PX = 1100
_SMOOTHING_STEPS = 20
_OVERLAP_NOTE = "may have seen these"
"""Replaces the position for networks that were trained elsewhere, which have none."""
_PRESENT_PLOT_PX = 148
"""Makes room for the names of both curves at present mode's font size."""

_NO_IMAGES = "Press Train. A hundred images appear here as the network sees them."
_NO_RECONSTRUCTIONS = "And here what it makes of them, from noise to images."
_NOT_AT_HAND = (
    "The images of this run are not at hand: its dataset was moved or changed, or comes from elsewhere. "
    "Open the dataset in Data, then this run again."
)


class TrainTab(TabPage):
    """Shows the run and position of the view state, and trains what the form specifies.

    Images are updated as replies arrive; curves and progress are redrawn by a timer at about 30 Hz, never
    directly by arriving data.
    """

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        engine, theme = context.engine, context.theme
        self._form_action = context.actions["form"]
        self.form = context.form
        self._form_title = QLabel()
        self._form_title.setObjectName("formTitle")
        set_style_property(self._form_title, "textRole", "section")
        self._bar = TrainingBar(engine, theme, context.actions)
        self._input = ImageView(
            theme,
            empty_text=_NO_IMAGES,
        )
        self._input.setObjectName("inputMontage")
        self._reconstruction = ImageView(theme, empty_text=_NO_RECONSTRUCTIONS)
        self._reconstruction.setObjectName("reconstructionMontage")
        self._confusion = ConfusionView(theme, empty_text="What it confuses appears with the first batch.")
        self._confusion.setObjectName("confusionView")
        self._mistakes = MistakesView(theme, empty_text="And here what it gets most wrong.")
        self._mistakes.setObjectName("mistakesView")
        self._plot = PlotView(theme, empty_text="The loss appears with the first batch.")
        self._plot.setObjectName("lossPlot")
        self._curves = RunCurves(self._plot, theme)
        self._reconstructions = ReconstructionCache(engine, self)
        self._confusion_fetcher = ConfusionFetcher(engine, self)
        self._shown: Run | None = None
        self._lay_out()
        self._connect()
        self._on_run_changed()

    def complete(self) -> None:
        """Create the plot, which imports the plotting library."""
        self._plot.load()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the form take the place of the input images in a narrow page."""
        super().resizeEvent(event)
        self._arrange()

    def _lay_out(self) -> None:
        self._pair = [
            FigurePanel(self._input, self._theme, self._engine.jobs, "Input"),
            FigurePanel(self._reconstruction, self._theme, self._engine.jobs, "Reconstruction"),
        ]
        self._classifier_pair = [
            FigurePanel(self._mistakes, self._theme, self._engine.jobs, "Worst mistakes"),
            FigurePanel(self._confusion, self._theme, self._engine.jobs, "Confusion"),
        ]
        self._plot_panel = FigurePanel(self._plot, self._theme, self._engine.jobs, "Loss")
        images = QHBoxLayout()
        images.setSpacing(GAP_PX)
        for panel in (*self._pair, *self._classifier_pair):
            images.addWidget(panel)
        self._right = QVBoxLayout()
        self._right.setSpacing(GAP_SMALL_PX)
        self._right.addLayout(images, stretch=5)
        self._right.addWidget(self._progress_row())
        self._right.addWidget(self._plot_panel, stretch=2)
        self._body = QHBoxLayout()
        self._body.setSpacing(GAP_PX)
        settings = QVBoxLayout()
        settings.setSpacing(GAP_SMALL_PX)
        settings.addWidget(self._form_title)
        settings.addWidget(self.form, stretch=1)
        self._body.addLayout(settings)
        self._body.addLayout(self._right, stretch=1)
        page = QVBoxLayout(self)
        page.setContentsMargins(PAGE_MARGIN_PX, GAP_SMALL_PX, PAGE_MARGIN_PX, GAP_SMALL_PX)
        page.setSpacing(GAP_SMALL_PX)
        page.addWidget(self._bar)
        page.addLayout(self._body, stretch=1)

    def _progress_row(self) -> QWidget:
        self._progress = QProgressBar()
        self._progress.setObjectName("epochProgress")
        self._progress.setAccessibleName("Training progress")
        self._progress.setRange(0, 1000)
        self._progress.setTextVisible(False)
        self._progress_label = QLabel()
        self._progress_label.setObjectName("progressLabel")
        self._accuracy_check = QCheckBox("Accuracy")
        self._accuracy_check.setObjectName("accuracyCheck")
        self._accuracy_check.setToolTip("Plot the accuracy instead of the loss")
        self._log_check = QCheckBox("Log axis")
        self._log_check.setObjectName("logAxisCheck")
        self._log_check.setChecked(True)
        self._log_check.setToolTip("Draw the loss on a logarithmic axis")
        self._smoothing_slider = QSlider(Qt.Orientation.Horizontal)
        self._smoothing_slider.setObjectName("smoothingSlider")
        self._smoothing_slider.setAccessibleName("Smoothing of the train loss")
        self._smoothing_slider.setToolTip("Smooth the train loss: a moving average over its past")
        self._smoothing_slider.setRange(0, _SMOOTHING_STEPS - 1)
        self._smoothing_slider.setFixedWidth(96)
        self._smoothing_label = QLabel("Smoothing")
        set_style_property(self._smoothing_label, "secondary", value=True)
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_SMALL_PX)
        row.addWidget(self._progress, stretch=1)
        row.addWidget(self._progress_label)
        row.addStretch(1)
        row.addWidget(self._accuracy_check)
        row.addWidget(self._log_check)
        row.addWidget(self._smoothing_label)
        row.addWidget(self._smoothing_slider)
        return self._row

    def _connect(self) -> None:
        view = self._engine.view
        view.run_changed.connect(self._on_run_changed)
        view.position_changed.connect(self._on_position_changed)
        self._reconstructions.arrived.connect(self._on_reconstructions)
        self._reconstructions.failed.connect(self.failed)
        self._engine.training.state_changed.connect(self._arrange)
        self._confusion_fetcher.arrived.connect(self._on_confusion)
        self._confusion_fetcher.failed.connect(self.failed)
        self._log_check.toggled.connect(self._choose_axis)
        self._accuracy_check.toggled.connect(self._choose_axis)
        self._smoothing_slider.valueChanged.connect(self._on_smoothing)
        self._form_action.toggled.connect(self._arrange)
        self.form.submitted.connect(self._make_room)
        self._theme.changed.connect(self._arrange)
        for panel in (*self._pair, *self._classifier_pair, self._plot_panel):
            panel.hover_text.connect(self.hover_text)
            panel.saved.connect(self.saved)
            panel.failed.connect(self.failed)
        self._display_timer = QTimer(self)
        self._display_timer.timeout.connect(self._refresh)
        self._display_timer.start(_REFRESH_MS)

    @Slot()
    def _on_run_changed(self) -> None:
        run = self._engine.view.run
        if run is self._shown and run is not None:
            return
        self._shown = run
        self._progress_label.setMinimumWidth(0)
        has_images = run is None or run.description.examples is not None
        self._input.set_empty_text(_NO_IMAGES if has_images else _NOT_AT_HAND)
        self._reconstruction.set_empty_text(_NO_RECONSTRUCTIONS if has_images else "")
        self._reconstruction.set_image(None)
        self._input.set_images(None if run is None else run.description.examples)
        for panel in (self._pair[1], *self._classifier_pair):
            panel.set_note("")
        self._confusion.set_confusion(None)
        self._mistakes.set_mistakes(None)
        self._choose_axis()
        self._arrange()
        self._on_position_changed()

    @Slot()
    def _on_position_changed(self) -> None:
        view = self._engine.view
        run = view.run
        if run is None:
            self._plot.set_marker(None)
            return
        steps = run.description.steps_per_epoch
        self._plot.set_marker(None if view.is_live else view.position.epoch + view.position.step / steps)

    @Slot(object, object)
    def _on_reconstructions(self, position: Position, images: NDArray[np.uint8]) -> None:
        self._reconstruction.set_images(images)
        self._pair[1].set_note(self._position_text(position))

    @Slot(object, object)
    def _on_confusion(self, position: Position, artifacts: EvaluationArtifacts) -> None:
        run = self._shown
        if run is None:
            return
        flattered, names = run.description.may_overlap_training, run.description.class_names
        images = "test images" if flattered else "validation images"
        self._confusion.set_confusion(artifacts.confusion, images, names)
        self._mistakes.set_mistakes(artifacts.mistakes, names)
        for panel in self._classifier_pair:
            panel.set_note(f"{run.letter} · {_OVERLAP_NOTE}" if flattered else self._position_text(position))

    def _position_text(self, position: Position) -> str:
        run = self._shown
        return str(position) if run is None else f"{run.letter} · {run.description.position_text(position)}"

    @Slot()
    def _choose_axis(self) -> None:
        """Disable the logarithmic axis for accuracy, which lies between 0 and 1."""
        accuracy = self._shows_classifier and self._accuracy_check.isChecked()
        self._log_check.setEnabled(not accuracy)
        self._curves.set_accuracy(accuracy)
        self._plot.set_log(self._log_check.isChecked() and not accuracy)
        self._plot.set_y_label("accuracy" if accuracy else "loss")
        self._plot_panel.set_title("Accuracy" if accuracy else "Loss")

    @property
    def _shows_classifier(self) -> bool:
        return self._shown is not None and self._shown.description.config.model.is_classifier

    @Slot(int)
    def _on_smoothing(self, value: int) -> None:
        self._curves.set_smoothing(value / _SMOOTHING_STEPS)

    @Slot()
    def _refresh(self) -> None:
        if not self.isVisible():
            return
        run = self._shown
        chosen = self._engine.view.chosen
        self._curves.show(chosen)
        self._plot_panel.set_note(self._curves.note(chosen))
        self._plot.refresh()
        self._progress.setValue(0 if run is None else round(1000 * run.fraction))
        text = progress_text(run, self._engine.training)
        if text != self._progress_label.text():
            self._progress_label.setText(text)
            # Otherwise the whole page would be laid out and painted anew whenever a number has a digit less.
            width = max(self._progress_label.minimumWidth(), self._progress_label.sizeHint().width())
            self._progress_label.setMinimumWidth(width)

    @property
    def _has_room_for_form(self) -> bool:
        """Whether the form fits beside the images."""
        return self.width() >= _FORM_FITS_FROM_PX and not self._theme.present

    @Slot()
    def _make_room(self) -> None:
        """Hide the form when a run starts, if it would cover the images."""
        if not self._has_room_for_form:
            self._form_action.setChecked(False)

    @Slot()
    def _arrange(self) -> None:
        present, wanted = self._theme.present, self._form_action.isChecked()
        self.form.setFixedWidth(2 * _FORM_WIDTH_PX if present else _FORM_WIDTH_PX)
        self.form.setVisible(wanted)
        self._form_title.setVisible(wanted)
        trained = self._engine.training.run
        self._form_title.setText(
            "New run" if trained is None else f"New run, and {trained.letter}’s learning rate"
        )
        shown, other = self._pair, self._classifier_pair
        if self._shows_classifier:
            shown, other = other, shown
        for panel in other:
            panel.hide()
        shown[0].setVisible(not wanted or self._has_room_for_form)
        shown[1].show()
        self._accuracy_check.setVisible(self._shows_classifier)
        # On a projector, the counts of a confusion matrix need the space more than the curve does.
        self._plot_panel.setVisible(not (present and self._shows_classifier))
        self._row.setVisible(not present)
        self._plot.setMinimumHeight(_PRESENT_PLOT_PX if present else 0)
