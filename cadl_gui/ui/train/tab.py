"""The Train tab: a form, the training controls, and a live view of the network as it learns.

The form lies below the figures. Three squares in a row leave a strip of the page that fields in columns fill
at every size; beside the figures, the form made them small and, at 1024×768, covered one.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import column_in, grid_in, named
from cadl_gui.ui.controls.timer import REFRESH_MS, Timer
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.figures.image_view import ImageView
from cadl_gui.ui.figures.plot_options import PlotOptions
from cadl_gui.ui.figures.plot_view import PlotView
from cadl_gui.ui.run_text import NOT_AT_HAND, lacks_images
from cadl_gui.ui.tab_page import PageContext, TabPage
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.stylesheet import small_control
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, PAGE_MARGIN_PX, UNIT_PX, UNLIMITED_PX
from cadl_gui.ui.train.accuracy_line import AccuracyLine
from cadl_gui.ui.train.configuration_form import ConfigurationForm
from cadl_gui.ui.train.confusion_fetcher import ConfusionFetcher
from cadl_gui.ui.train.confusion_view import ConfusionView
from cadl_gui.ui.train.mistakes_view import MistakesView
from cadl_gui.ui.train.new_run_bar import NewRunBar
from cadl_gui.ui.train.reconstruction_cache import ReconstructionCache
from cadl_gui.ui.train.run_curves import RunCurves
from cadl_gui.ui.train.starting_panel import StartingPanel
from cadl_gui.ui.train.training_bar import TrainingBar

if TYPE_CHECKING:
    from cadl_gui.engine.run import Run

_FIGURES_STRETCH = 1000

_PLOT_SHARE = 0.29
"""What the plot has of the height of the figures where it lies below them."""

_LEAST_FORM_PX = 35 * UNIT_PX
"""Least height of an open form: the fields chosen most and the network are seen whole."""

_METRICS = {
    "loss": (_("Loss"), "loss"),
    "accuracy": (_("Accuracy"), _("% correct")),
    "kl_loss": (_("KL divergence"), "KL"),
}
"""Title of the plot and label of its axis."""

_OVERLAP_NOTE = _("may have seen these")
"""Replaces the position for networks that were trained elsewhere, which have none."""

_OF_A_PART = _("Measured at {}, on fewer images than after a whole epoch.")
"""Within an epoch only some images are evaluated, and the accuracy may be above the best one."""

_NO_IMAGES = _("Press Train. A hundred images appear here as the network sees them.")
_NO_RECONSTRUCTIONS = _("The network's output appears here.")
_IS_MEAN = _(": only the mean image")
"""An untrained network that subtracts the mean image adds hardly anything to it."""

_NO_CONFUSION = _("The confusion matrix appears with the first batch.")
_NO_MISTAKES = _("Its worst mistakes appear here.")
_NOT_RECORDED = _(
    "No confusion matrix was recorded with these weights. Choose another epoch on the timeline, or train "
    "a run with its settings."
)
_NOT_MEASURED = _("Not measured for a modified network.")


class TrainTab(TabPage):
    """Shows the run and position of the view state, and trains what the form specifies.

    Images are updated as replies arrive; curves and progress are redrawn by a timer at about 30 Hz, never
    directly by arriving data.
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        engine, theme = context.engine, context.theme
        self.form = ConfigurationForm(theme, engine.opened_datasets)
        self._bar = TrainingBar(engine, theme, context.actions)
        self._new_run = NewRunBar(engine, theme, context.actions)
        self._input = named(ImageView(theme, empty_text=_NO_IMAGES), "inputMontage")
        reconstruction = ImageView(theme, empty_text=_NO_RECONSTRUCTIONS)
        self._reconstruction = named(reconstruction, "reconstructionMontage")
        confusion = ConfusionView(theme, empty_text=_NO_CONFUSION, has_heading=False)
        self._confusion = named(confusion, "confusionView")
        self._mistakes = named(MistakesView(theme, empty_text=_NO_MISTAKES), "mistakesView")
        plot = PlotView(theme, empty_text=_("The loss appears with the first batch."))
        self._plot = named(plot, "lossPlot")
        self._accuracy = AccuracyLine(theme)
        self._curves = RunCurves(self._plot, theme)
        self._shown: Run | None = None
        self._lay_out()
        StartingPanel(engine, self._figures)
        self._connect()

    def main_view(self) -> QWidget:
        """Return the output or, of a classifier, what it confuses, which present mode shows, too."""
        return self._confusion if self._shows_classifier else self._reconstruction

    def complete(self) -> None:
        """Create the plot, which imports the plotting library."""
        self._plot.load()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the form what the figures cannot use."""
        super().resizeEvent(event)
        self._arrange()

    def _lay_out(self) -> None:
        self._pair = [
            FigurePanel(self._input, self._theme, self._engine.jobs, _("Input")),
            FigurePanel(self._reconstruction, self._theme, self._engine.jobs, _("Output")),
        ]
        self._classifier_pair = [
            FigurePanel(self._mistakes, self._theme, self._engine.jobs, _("Worst mistakes")),
            FigurePanel(self._confusion, self._theme, self._engine.jobs, _("Confusion matrix")),
        ]
        self._plot_panel = FigurePanel(self._plot, self._theme, self._engine.jobs, _("Loss"))
        self._options = PlotOptions(self._engine.view, self._theme.stage)
        self._curve = QWidget()
        column_in(self._curve, GAP_SMALL_PX, self._accuracy, (self._plot_panel, 1), self._options)
        self._figures = QWidget()
        self._grid = grid_in(self._figures, GAP_PX, GAP_PX)
        for pair in (self._pair, self._classifier_pair):
            for column, panel in enumerate(pair):
                self._grid.addWidget(panel, 0, column)
        # The figures take the height that they can use, and the form has the rest.
        figures, form = (self._figures, _FIGURES_STRETCH), (self.form, 1)
        margins = (PAGE_MARGIN_PX, GAP_SMALL_PX, PAGE_MARGIN_PX, GAP_SMALL_PX)
        column_in(self, GAP_SMALL_PX, self._bar, figures, self._new_run, form, margins=margins)
        self.form.setMinimumHeight(_LEAST_FORM_PX)
        self._theme.stage.put(When.AT_A_DESK, self.form, self._options, self._classifier_pair[0])

    def _connect(self) -> None:
        view = self._engine.view
        for view_of_mistakes in (self._confusion, self._mistakes):
            view_of_mistakes.chosen.connect(self._show_mistaken)
        self.form.edited.connect(self._on_edited)
        self.form.datasets.path_chosen.connect(self._engine.opened_datasets.asked_for)
        view.bind(self.form, lambda: view.value.next, self._show_next)
        view.bind(self, lambda: (view.value.train.form, self._engine.training.status), self._on_status)
        view.bind(self, lambda: replace(view.value.train, form=True), self._choose_axis)
        self._engine.runs.added.connect(self._on_added)
        self._theme.changed.connect(self._arrange)
        # The accuracy beside the matrix is not seen while the matrix fills the page.
        self._classifier_pair[1].spotlight_changed.connect(self._confusion.set_heading)
        Timer(self, self._refresh, REFRESH_MS, repeats=True).start()
        view.bind(self, lambda: (view.run, view.shown.has_images), self._on_run_changed)
        view.bind(self, lambda: view.shown, self._on_position_changed)
        # After what empties the figures for another run: what is remembered arrives at once.
        ReconstructionCache(self._engine, self).arrived.connect(self._on_reconstructions)
        confusion = ConfusionFetcher(self._engine, self)
        confusion.arrived.connect(self._on_confusion)
        confusion.unknown.connect(self._on_unknown_confusion)

    @Slot()
    def _on_run_changed(self) -> None:
        run = self._shown = self._engine.view.run
        has_images = run is None or run.description.examples is not None
        self._input.set_empty_text(_NO_IMAGES if has_images else NOT_AT_HAND)
        self._reconstruction.set_empty_text(_NO_RECONSTRUCTIONS if has_images else "")
        self._reconstruction.set_image(None)
        self._input.set_images(None if run is None else run.description.examples)
        is_new = run is None or run.newest == UNTRAINED
        self._confusion.set_empty_text(_NO_CONFUSION if is_new else "")
        self._mistakes.set_empty_text(_NO_MISTAKES if is_new else "")
        for panel in (self._pair[1], *self._classifier_pair):
            panel.set_note("")
        self._confusion.set_confusion(None)
        self._accuracy.set_confusion(None)
        self._mistakes.set_mistakes(None)
        model = None if run is None else run.description.config.model
        self._options.set_kind(
            is_classifier=self._shows_classifier, is_variational=model is not None and model.is_variational
        )
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
        run = self._shown
        is_mean = position == UNTRAINED and run is not None and run.description.config.model.subtract_mean
        self._pair[1].set_note(self._position_text(position) + (_IS_MEAN if is_mean else ""))

    @Slot(object, object)
    def _on_confusion(self, position: Position, artifacts: EvaluationArtifacts) -> None:
        run = self._shown
        if run is None:
            return
        flattered, names = run.description.may_overlap_training, run.description.class_names
        images = _("test images") if flattered else _("validation images")
        self._confusion.set_confusion(artifacts.confusion, images, names)
        self._accuracy.set_confusion(
            artifacts.confusion, images, _OF_A_PART.format(position) if position.step else ""
        )
        self._mistakes.set_mistakes(artifacts.mistakes, names)
        for panel in self._classifier_pair:
            panel.set_note(f"{run.letter} · {_OVERLAP_NOTE}" if flattered else self._position_text(position))

    @Slot()
    def _on_unknown_confusion(self) -> None:
        """Say why a trained or bent network has no accuracy, and what helps."""
        run = self._shown
        is_bent = run is not None and bool(self._engine.bending.of(run.run_id))
        if run is None or (run.newest == UNTRAINED and not is_bent):
            return
        missing = NOT_AT_HAND if lacks_images(run) else _NOT_RECORDED
        self._confusion.set_empty_text(_NOT_MEASURED if is_bent else missing)
        self._confusion.set_confusion(None)
        self._accuracy.set_confusion(None)
        self._mistakes.set_empty_text(_NOT_MEASURED if is_bent else "")
        self._mistakes.set_mistakes(None)
        for panel in self._classifier_pair:
            panel.set_note("")

    @Slot(object, object)
    def _show_mistaken(self, label: int | None, predicted: int | None) -> None:
        """Show the images of a class that are taken for another one in Data, the most wrong ones first."""
        run, view = self._shown, self._engine.view
        if run is not None:
            part = 2 if run.description.may_overlap_training else 1  # an index in `PARTS`
            data = view.value.data.about(run.description.config.data.dataset)
            # On its first page: beside the view of another network, images are split as in that one.
            data = replace(data, sort="error", part=part, label=label, predicted=predicted, page="")
            view.change(tab="dataTab", data=data)

    def _position_text(self, position: Position) -> str:
        run = self._shown
        return str(position) if run is None else f"{run.letter} · {run.description.position_text(position)}"

    def _choose_axis(self) -> None:
        metric = self._options.chosen_metric
        is_accuracy = metric == "accuracy"
        self._curves.set_metric(metric)
        self._curves.set_smoothing(self._options.smoothing)
        self._plot.set_log(self._engine.view.value.train.log and not is_accuracy)
        self._plot.set_highest(100.0 if is_accuracy else None)
        title, label = _METRICS[metric]
        self._plot.set_y_label(label)
        self._plot_panel.set_title(title)

    @property
    def _shows_classifier(self) -> bool:
        return self._shown is not None and self._shown.description.config.model.is_classifier

    @Slot()
    def _refresh(self) -> None:
        if not self.isVisible():
            return
        chosen = self._engine.view.chosen
        self._curves.show(chosen)
        self._plot_panel.set_note(" · ".join(filter(None, (self._curves.note(chosen), self._loss_text))))
        # Otherwise the curves of a run that was read early would load it before other tabs are there.
        if self._plot.is_loaded:
            self._plot.refresh()
        self._bar.refresh_progress()

    @property
    def _loss_text(self) -> str:
        """What the loss is that is plotted; "" if none is."""
        run = self._shown
        is_plotted = run is not None and run.history.n_steps and self._options.chosen_metric == "loss"
        if run is None or not is_plotted:
            return ""
        return _("lower is better · {loss}").format(loss=run.description.config.model.kind.loss)

    # The next run.

    def _show_next(self) -> None:
        self.form.show_next(self._engine.view.value.next)

    @Slot(object)
    def _on_edited(self, next_run: NextRun) -> None:
        """Take the settings; a learning rate that was typed is that of the current training, too."""
        before, training = self._engine.view.value.next, self._engine.training
        self._engine.view.change(next=next_run)
        rate, config = next_run["learning_rate"], self._engine.check_next().trainable
        is_rate = rate != before["learning_rate"] and next_run == before.replace(learning_rate=rate)
        if is_rate and training.run is not None and config is not None:
            training.set_learning_rate(config.training.learning_rate)

    @Slot(object)
    def _on_added(self, run: "Run") -> None:
        """Offer the dataset of a run to the next one."""
        if not run.description.is_graph:
            self.form.datasets.offer(run.description.config.data.dataset)

    def _on_status(self) -> None:
        self.form.set_device(self._engine.device)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        """Place figures side by side above the form; without it, images above the plot if they gain by it."""
        stage = self._theme.stage
        stage.show(self.form, self._engine.view.value.train.form)
        for pair in (self._pair, self._classifier_pair):
            for panel in pair:
                stage.show(panel, (pair is self._classifier_pair) is self._shows_classifier)
        self._accuracy.setVisible(self._shows_classifier)
        is_row = not self.form.isHidden() or self._is_row_larger
        self._grid.removeWidget(self._curve)
        self._grid.addWidget(self._curve, *((0, 2, 1, 1) if is_row else (1, 0, 1, 2)))
        for column in range(3):
            has_widget = is_row if column == 2 else column >= 2 - self._n_images
            self._grid.setColumnStretch(column, int(has_widget))
        self._grid.setHorizontalSpacing(GAP_PX)
        self._grid.setRowStretch(0, 1 if is_row else 100 - round(100 * _PLOT_SHARE))
        self._grid.setRowStretch(1, 0 if is_row else round(100 * _PLOT_SHARE))
        self._limit_figures()

    @property
    def _n_images(self) -> int:
        return 1 if self._pair[0].isHidden() and self._classifier_pair[0].isHidden() else 2

    @property
    def _is_row_larger(self) -> bool:
        """Whether images are at least as large in a row with the plot as above it, without the form."""
        sizes, width = self._theme.sizes, self.width() - 2 * PAGE_MARGIN_PX
        bars = self._bar.sizeHint().height() + self._new_run.sizeHint().height() + 4 * GAP_SMALL_PX
        room, heading = self.height() - bars, small_control(sizes)
        below = self._curve.minimumSizeHint().height()
        above = room - GAP_PX - max(below, round(room * _PLOT_SHARE))
        sides = [(width - (n - 1) * GAP_PX) // n for n in (self._n_images, self._n_images + 1)]
        return min(sides[1], room - heading) >= min(sides[0], above - heading)

    def _limit_figures(self) -> None:
        """Give the figures above the form no more height than they can use: they are squares."""
        highest = UNLIMITED_PX
        if not self.form.isHidden():
            width = self.width() - 2 * PAGE_MARGIN_PX - 2 * GAP_PX
            highest = max(1, width // 3 + small_control(self._theme.sizes))
        self._figures.setMaximumHeight(highest)
