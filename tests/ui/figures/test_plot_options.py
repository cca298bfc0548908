"""What is plotted follows from the kind of run and the boxes, which keep their ticks between runs."""

import pytest
from PySide6.QtWidgets import QCheckBox, QSlider

from cadl_gui.engine.view_state import ViewState
from cadl_gui.ui.figures.plot_options import PlotOptions

pytestmark = pytest.mark.gui

CLASSIFIER = {"is_classifier": True, "is_variational": False}
VARIATIONAL = {"is_classifier": False, "is_variational": True}
PLAIN = {"is_classifier": False, "is_variational": False}


@pytest.fixture
def view():
    return ViewState()


@pytest.fixture
def options(qtbot, theme, view):
    options = PlotOptions(view, theme.stage)
    qtbot.addWidget(options)
    options.show()
    return options


def test_the_metric_is_that_of_the_run_shown_and_of_what_was_ticked_for_its_kind(view, options):
    accuracy, kl, log = (
        options.findChild(QCheckBox, f"{name}Check") for name in ("accuracy", "kl", "logAxis")
    )

    def shows(metric, is_log_offered):
        assert (options.chosen_metric, log.isEnabled()) == (metric, is_log_offered)

    for kind, metric, offered in (
        (PLAIN, "loss", []),
        (CLASSIFIER, "accuracy", [accuracy]),
        (VARIATIONAL, "loss", [kl]),
    ):
        options.set_kind(**kind)
        shows(metric, metric != "accuracy")
        assert [check for check in (accuracy, kl) if check.isVisible()] == offered
    kl.click()
    shows("kl_loss", True)
    for kind, metric in ((CLASSIFIER, "accuracy"), (PLAIN, "loss"), (VARIATIONAL, "kl_loss")):
        options.set_kind(**kind)
        shows(metric, metric != "accuracy")
    options.set_kind(**CLASSIFIER)
    accuracy.click()
    shows("loss", True)
    log.click()
    assert not view.value.train.log
    accuracy.click()
    shows("accuracy", False)
    options.set_kind(**VARIATIONAL)
    shows("kl_loss", True)
    assert not log.isChecked(), "as it was left"
    kl.click()
    shows("loss", True)


def test_smoothing_is_the_share_of_the_past_and_never_all_of_it(options):
    slider, told = options.findChild(QSlider, "smoothingSlider"), []
    assert slider.value() == slider.minimum() == 0
    for value in (slider.maximum(), 1, 0):
        slider.setValue(value)
        told.append(options.smoothing)
    assert told == pytest.approx([0.95, 0.05, 0])
