"""What feeds the latent plane, asking a stand-in for the engine."""

import pytest
from answerer import Answerer

from cadl_gui.imaging.latent.axes import LatentAxes


@pytest.fixture
def engine(qapp):
    return Answerer()


@pytest.fixture
def axes():
    return LatentAxes.of_dimensions(2)
