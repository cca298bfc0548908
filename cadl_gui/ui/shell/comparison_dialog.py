"""A dialog with a table of the compared runs: their metrics, and the settings in which they differ."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from cadl_gui.domain.comparison import NOTHING, differences
from cadl_gui.domain.images import shape_text
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.ui.run_text import display_name
from cadl_gui.ui.theme.theme import Theme

_ALONE = (
    "Only one run is chosen. Choose others in the run list: point at one and press the curve at its right, "
    "or press Ctrl+K while it is shown."
)


class ComparisonDialog(QDialog):
    """Compares runs; stays open beside the window and follows the selection of runs."""

    def __init__(self, engine: Engine, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("comparisonDialog")
        self.setWindowTitle("Comparison")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(720, 480)
        self._engine = engine
        self._theme = theme
        self._shown = ""
        self._text = QTextBrowser()
        self._text.setObjectName("comparisonText")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        # The style's own icon is made for light windows.
        buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        layout = QVBoxLayout(self)
        layout.addWidget(self._text)
        layout.addWidget(buttons)
        engine.view.compared_changed.connect(self._refresh)
        engine.view.run_changed.connect(self._refresh)
        engine.runs.changed.connect(self._refresh)
        theme.changed.connect(self._refresh)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        """Replace the text only if it has changed, since replacing it scrolls to the top."""
        html = comparison_html(self._engine.view.chosen, self._theme)
        if html != self._shown:
            self._shown = html
            self._text.setHtml(html)


def comparison_html(runs: Sequence[Run], theme: Theme) -> str:
    """Return the table as HTML: one column for each run, one row for each difference."""
    heads = "".join(
        f"<th align='left'><span style='color:{theme.run_colour(run.letter)}'>■</span> "
        f"{escape(display_name(run))}</th>"
        for run in runs
    )
    rows = [
        ("Best on validation", [run.best_text or NOTHING for run in runs]),
        ("in epoch", [NOTHING if run.best_epoch is None else str(run.best_epoch) for run in runs]),
        ("Trained epochs", [str(run.newest.epoch) for run in runs]),
    ]
    if any(run.description.branched_from for run in runs):
        rows.append(("Branched from", [run.description.branched_from or NOTHING for run in runs]))
    shapes = [shape_text(run.description.image_shape) for run in runs]
    if len(set(shapes)) > 1:
        rows.append(("Images", shapes))
    configs = [run.description.config for run in runs]
    rows += [(row.label, list(row.values)) for row in differences(configs)]
    table = "".join(_row(label, values, theme) for label, values in rows)
    hint = "" if len(runs) > 1 else f"<p>{escape(_ALONE)}</p>"
    return f"<table cellpadding='6'><tr><th></th>{heads}</tr>{table}</table>{hint}"


def _row(label: str, values: Sequence[str], theme: Theme) -> str:
    cells = "".join(f"<td>{escape(value)}</td>" for value in values)
    return f"<tr><td style='color:{theme.colours.secondary}'>{escape(label)}</td>{cells}</tr>"
