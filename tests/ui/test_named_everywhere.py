"""A run is called by its name of now, wherever it is named."""

import pytest
from idle import wait_until_idle
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QWidget
from trained import train

from cadl_gui.domain.presets import preset
from cadl_gui.ui.tabs import TABS

pytestmark = pytest.mark.gui


def words_of(widget):
    """All that a widget says, writes, or tells when it is pointed at."""
    words = [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
    if isinstance(widget, QLabel | QAbstractButton):
        words.append(widget.text())
    elif isinstance(widget, QComboBox):
        words += [widget.itemText(number) for number in range(widget.count())]
    return "\n".join(words)


def naming(window, name):
    """The parts of what can be seen that name it."""
    seen = [each for each in window.findChildren(QWidget) if each.isVisible()]
    return {(type(each).__name__, each.objectName()) for each in seen if name in words_of(each)}


def test_a_run_that_is_renamed_is_named_so_in_all_tabs(qtbot, window, engine):
    """First a classifier alone, for which Latent says that it has no plane, then an autoencoder beside it."""
    for number, name in enumerate(("softmax", "vae")):
        run = train(qtbot, engine, preset(name).config.replace(epochs=1))
        engine.runs.rename(run, f"run {number}, name 0")
        for renamed, spec in enumerate(TABS):
            engine.view.change(tab=spec.name)
            wait_until_idle(engine, window)
            old, new = (f"run {number}, name {each}" for each in (renamed, renamed + 1))
            before = naming(window, old)
            assert before
            engine.runs.rename(run, new)
            wait_until_idle(engine, window)
            assert naming(window, old) == set()
            assert naming(window, new) == before
