"""The steps of a self-test that do what somebody does first: draw a 7, drag through the latent plane."""

from typing import Any

import numpy as np
from PySide6.QtWidgets import QLabel, QTabWidget

from cadl_gui.cli.selftest_hand import Hand, Waiting
from cadl_gui.ui.widgets.picture_view import PictureView

_SEVEN = ((0.3, 0.25), (0.45, 0.25), (0.6, 0.25), (0.7, 0.25), (0.62, 0.42), (0.54, 0.58), (0.46, 0.78))
_THROUGH_THE_PLANE = ((0.5, 0.5), (0.45, 0.6), (0.4, 0.7))


def reads_a_seven(hand: Hand) -> Waiting:
    """Draw a 7 and wait until the shipped classifier says so."""
    yield from _looks_at(hand, "drawTab", "digitCanvas")
    hand.drag("digitCanvas", _SEVEN)
    answer = hand.find("predictionLabel")
    assert isinstance(answer, QLabel), "predictionLabel is a label"
    yield lambda: next((letter for letter in answer.text() if letter.isdigit()), "") == "7"


def decodes_the_plane(hand: Hand) -> Waiting:
    """Drag through the plane of the shipped variational autoencoder until other pictures are decoded."""
    yield from _looks_at(hand, "latentTab", "latentPlane")
    yield lambda: _decoded(hand) is not None
    before = _decoded(hand).copy()
    hand.drag("latentPlane", _THROUGH_THE_PLANE)
    yield lambda: not np.array_equal(_decoded(hand), before)


def goes_back_to_train(hand: Hand) -> Waiting:
    """Look at the tab that the steps after it use."""
    yield from _looks_at(hand, "trainTab", "trainButton")


def _looks_at(hand: Hand, page: str, widget: str) -> Waiting:
    tabs = hand.find("tabs")
    assert isinstance(tabs, QTabWidget), "tabs is a tab widget"
    tabs.setCurrentWidget(hand.find(page))
    yield lambda: hand.find(widget).isVisible()


def _decoded(hand: Hand) -> Any:
    view = hand.find("decodedImage")
    assert isinstance(view, PictureView), "decodedImage shows pictures"
    return view.pictures
