"""The list of runs, where it has less room than its texts."""

import pytest
from PySide6.QtGui import QFontMetrics

from cadl_gui.ui.widgets.run_list import fitting_progress

pytestmark = pytest.mark.gui


def test_where_both_do_not_fit_the_quality_is_whole_and_the_epochs_are_left_out(theme):
    metrics = QFontMetrics(theme.font("caption"))
    whole = "99.6 % accuracy · 44 epochs"
    width = metrics.horizontalAdvance(whole)
    assert fitting_progress(whole, metrics, width) == whole
    assert fitting_progress(whole, metrics, width - 1) == "99.6 % accuracy"
    assert fitting_progress("loading", metrics, 10) == "loading"
