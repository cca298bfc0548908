"""A dialog that compares runs: their curves, metrics, and the settings in which they differ."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Slot
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QTextBrowser, QWidget

from cadl_gui.domain.comparison import NOTHING, differences
from cadl_gui.domain.configuration import as_text
from cadl_gui.domain.images import shape_text
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import label, named
from cadl_gui.ui.controls.timer import Timer
from cadl_gui.ui.dialog import Dialog
from cadl_gui.ui.figures.plot_view import PlotView
from cadl_gui.ui.run_text import display_name
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX
from cadl_gui.ui.train.run_curves import RunCurves

_DRAWN_EVERY_MS = 100
_LEAST_LETTERS, _PLOT_LINES = 60, 14

_ALONE = _(
    "Only one run is chosen. Choose others by the boxes in the run list, or press Ctrl+K while one is shown."
)


class ComparisonDialog(Dialog):
    """Compares runs by their curves and a table; stays open beside the window and follows the choice of runs.

    It is as large as the table and the curves need. On a small screen, first the curves are
    lower, and then the table scrolls; the curves keep a third of it.
    """

    def __init__(self, engine: Engine, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, "comparisonDialog", _("Comparison"))
        self._engine = engine
        self._theme = theme
        self._shown = ""
        self._fitted = 0, 0
        self._plot = PlotView(theme, empty_text=_("The curves appear with the first batch."))
        named(self._plot, "comparisonPlot", says=_("Curves of the compared runs"))
        self._plot.set_log(True)
        self._curves = RunCurves(self._plot, theme)
        self._note = label(secondary=True)
        self._text = named(QTextBrowser(), "comparisonText")
        self._text.setWordWrapMode(QTextOption.WrapMode.WordWrap)  # many columns scroll, words stay whole
        self.lay_out(GAP_SMALL_PX, (self._plot, 1), self._note, self._text, self.close_button())
        engine.runs.changed.connect(self._refresh)
        engine.view.bind(self, lambda: (engine.view.chosen, theme.look), self._refresh)
        Timer(self, self._draw_curves, _DRAWN_EVERY_MS, repeats=True).start()

    @Slot()
    def _refresh(self) -> None:
        """Replace the text only if it has changed, since replacing it scrolls to the top; fit other sizes."""
        chosen = self._engine.view.chosen
        note = RunCurves.note(chosen)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        html = comparison_html(chosen, self._theme)
        if html != self._shown:
            self._shown = html
            self._text.setHtml(html)
        to_fit = html.count("<td"), self.fontMetrics().height()
        if to_fit != self._fitted:
            self._fitted = to_fit
            self._fit_to_table()

    def _fit_to_table(self) -> None:
        """Make the table as high as its rows, and the dialog as wide as its columns."""
        metrics, margins = self.fontMetrics(), 4 * GAP_PX
        least = metrics.horizontalAdvance("x") * _LEAST_LETTERS
        document = self._text.document()
        document.setTextWidth(-1)
        room = self.room
        width = min(max(least, round(document.idealWidth()) + margins), room.width())
        document.setTextWidth(width - margins)
        frame = 2 * self._text.frameWidth() + GAP_PX
        table = round(document.size().height()) + frame
        plot = metrics.height() * _PLOT_LINES
        least_plot = max(plot // 2, min(plot, room.height() // 3))
        buttons = 3 * metrics.height() + 3 * GAP_PX
        self._text.setFixedHeight(min(table, room.height() - least_plot - buttons))
        self._plot.setMinimumHeight(least_plot)
        self.resize_within_screen(width, plot + self._text.height() + buttons)

    @Slot()
    def _draw_curves(self) -> None:
        if self.isVisible():
            self._curves.show(self._engine.view.chosen)
            self._plot.refresh()


def comparison_html(runs: Sequence[Run], theme: Theme) -> str:
    """Return the table as HTML: one column for each run, one row for each difference."""
    heads = "".join(
        f"<th align='left'><span style='color:{theme.run_colour(run.letter)}'>■</span> "
        f"{escape(display_name(run))}</th>"
        for run in runs
    )
    rows = [
        (_("Best on validation"), [run.best_text or NOTHING for run in runs]),
        (_("in epoch"), [NOTHING if run.best_epoch is None else str(run.best_epoch) for run in runs]),
        (_("Trained epochs"), [str(run.newest.epoch) for run in runs]),
    ]
    if any(run.description.branched_from for run in runs):
        rows.append((_("Branched from"), [run.description.branched_from or NOTHING for run in runs]))
    shapes = [shape_text(run.description.image_shape) for run in runs]
    if len(set(shapes)) > 1:
        rows.append((_("Images"), shapes))
    configs = [run.description.config for run in runs]
    rows += [(_(row.label), list(row.values)) for row in differences(configs)]
    changes = [_rate_changes(run) for run in runs]
    if any(changes):
        rows.append((_("Learning rate, changed"), [change or NOTHING for change in changes]))
    table = "".join(_row(label, values, theme) for label, values in rows)
    hint = "" if len(runs) > 1 else f"<p>{escape(_ALONE)}</p>"
    return f"<table cellpadding='6'><tr><th></th>{heads}</tr>{table}</table>{hint}"


def _rate_changes(run: Run) -> str:
    """Return to what the learning rate was changed while the run trained: “to 0.05 in epoch 3”."""
    rate, changes = run.description.config.training.learning_rate, []
    for step, changed in run.history.learning_rates:
        if changed != rate:
            epoch = step // run.description.steps_per_epoch + 1
            changes.append(
                _("to {changed} in epoch {epoch}").format(
                    changed=as_text("learning_rate", changed), epoch=epoch
                )
            )
        rate = changed
    return ", ".join(changes)


def _row(label: str, values: Sequence[str], theme: Theme) -> str:
    cells = "".join(f"<td>{escape(value)}</td>" for value in values)
    return f"<tr><td style='color:{theme.colours.secondary}'>{escape(label)}</td>{cells}</tr>"
