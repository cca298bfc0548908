"""Fixtures for what feeds the latent plane, with an engine that tests answer for."""

import pytest
from answerer import Answerer

from cadl_gui.imaging.latent.axes import LatentAxes


@pytest.fixture
def engine(qapp):
    return Answerer()


@pytest.fixture
def axes():
    return LatentAxes.of_dimensions(2)
