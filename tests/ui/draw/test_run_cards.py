"""The cards of all runs: which there are, in which order, and which are about the drawing before."""

import numpy as np
import pytest
from fakes import description
from geometry import texts

from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.history import History
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Classify, Encode, Reconstruct
from cadl_gui.engine.run import Run
from cadl_gui.ui.draw.cards import RunCards
from cadl_gui.ui.draw.image_cards import ImageCards

pytestmark = pytest.mark.gui


def test_each_run_has_its_place_from_the_beginning_and_says_of_which_drawing_it_speaks(theme):
    names = ("autoencoder", "vae", "softmax")
    runs = tuple(
        Run(letter, description(f"run {letter}", preset(name).config), History(10))
        for letter, name in zip("ABC", names, strict=True)
    )
    drawn = [np.full((28, 28, 1), shade, np.float32) for shade in (0.2, 0.4)]
    cards, at = RunCards(theme), Position(3)

    def told(image):
        return [card and (card.run, card.is_old) for card in cards.cards(runs, INK, image)]

    for _ in range(2):
        assert told(drawn[0]) == [None] * 4, "of a plane, there is a place, too"
        cards.add(runs[2], Classify(runs[2].run_id, at, drawn[0][None]), np.eye(10)[[7]], at)
        assert told(drawn[0]) == [None, None, None, ("C", False)]
        assert told(drawn[1]) == [None, None, None, ("C", True)]
        cards.add(runs[0], Reconstruct(runs[0].run_id, at, drawn[1][None]), drawn[1][None], at)
        cards.add(runs[1], Encode(runs[1].run_id, at, drawn[0][None]), np.zeros((1, 2)), at)
        assert told(drawn[1]) == [("A", False), ("B", True), None, ("C", True)]
        cards.clear()


def test_where_a_place_within_an_epoch_is_cut_off_the_epoch_is_read(qtbot, theme):
    """“epoch 4, batch 357” became “epoch 4, bat…” in narrow columns."""
    run = Run("A", description("lecture", preset("autoencoder").config), History(10))
    cards, image, at = RunCards(theme), np.full((1, 28, 28, 1), 0.2, np.float32), Position(3, 357)
    cards.add(run, Reconstruct(run.run_id, at, image), image, at)
    view = ImageCards(theme, empty_text="Nothing yet.", n_lines=3)
    qtbot.addWidget(view)
    view.set_cards(cards.cards((run,), INK, image[0]))
    for width, said in ((300, "epoch 4, batch 357"), (90, "epoch 4")):
        view.resize(width, 140)
        view.show()
        assert said in [text.words for text in texts(view)], width
