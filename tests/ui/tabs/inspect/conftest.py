"""The Inspect tab on NumPy backends."""

import pytest
import trained

from cadl_gui.ui.inspect.tab import InspectTab


@pytest.fixture
def tab(shown):
    tab = shown(InspectTab)
    yield tab
    tab.hide()


@pytest.fixture
def train(qtbot, engine, find):
    """Trains a configuration, waits for the weights of its last epoch, and returns its run."""

    def train(config):
        run = trained.train(qtbot, engine, config)
        qtbot.waitUntil(lambda: shows_the_end(find))
        return run

    return train


def shows_the_end(find):
    """Whether the weights are those of the last epoch, which count from 0."""
    shown = find("weightsMontage").shown
    is_paired = find("beforeButton").isChecked()  # the other view, which moves this one to the right
    if shown is None or (is_paired and find("weightsBefore").shown is None):
        return False
    return shown.images.patches.max() == shown.images.patches.size - 1
