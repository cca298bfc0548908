"""The Draw tab on NumPy backends, with runs on photographs."""

import numpy as np
import pytest
import trained
from photographs import use_photographs

from cadl_gui.ui.draw.tab import DrawTab


@pytest.fixture
def tab(shown, facts):
    """The Draw tab, with runs on photographs."""
    use_photographs(facts)
    return shown(DrawTab)


@pytest.fixture
def train(qtbot, engine, tab):
    """Trains a configuration, and returns its run."""
    return lambda config: trained.train(qtbot, engine, config)


@pytest.fixture
def canvas(find):
    return find("digitCanvas")


@pytest.fixture
def seen(find):
    """Returns the image that the network gets of the drawing, uint8; None without a drawing."""

    def seen():
        images = find("inputPreview").images
        return None if images is None else np.rint(255 * images[0]).astype(np.uint8)

    return seen
