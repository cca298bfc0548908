"""Two figures that are looked at together."""

import pytest

from cadl_gui.ui.inspect.side_by_side import SideBySide
from cadl_gui.ui.inspect.weights_view import WeightsView

pytestmark = pytest.mark.gui


@pytest.fixture
def pair(qtbot, theme):
    left, right = (WeightsView(theme, empty_text="Nothing yet.") for _ in range(2))
    pair = SideBySide(left, right)
    qtbot.addWidget(pair)
    pair.resize(800, 400)
    pair.show()
    qtbot.waitExposed(pair)
    return pair, left, right


def test_both_have_their_places_as_soon_as_they_are_shown(pair):
    """A click that came before the next layout met another place of the montage than the one looked at."""
    both, left, right = pair
    both.set_paired(True)
    both.set_captions("untrained", "epoch 1")
    assert left.width() == right.width() == 392
    assert left.y() == right.y() > 0
    both.set_paired(False)
    assert right.geometry() == both.rect()


def test_both_are_equally_wide_in_an_odd_width(pair):
    """One pixel more made the images of one montage larger than those of the other."""
    both, left, right = pair
    both.set_paired(True)
    for width in (801, 803, 804):
        both.resize(width, 400)
        assert left.size() == right.size()
