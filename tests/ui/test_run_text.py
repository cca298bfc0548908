"""Short descriptions of runs."""

import pytest
from fakes import description

from cadl_gui.domain.history import EpochRecord, History
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.run import Run
from cadl_gui.ui.run_text import describe, difference_text


@pytest.mark.parametrize(
    ("epoch", "epochs", "words"),
    [(3, 5, "3/5 epochs"), (5, 5, "5 epochs"), (1, 1, "1 epoch"), (1, 2, "1/2 epochs")],
)
def test_how_far_it_came(epoch, epochs, words):
    config = preset("softmax").config.replace(epochs=epochs)
    run = Run("A", description("run", config), History(10), newest=Position(epoch))
    assert describe(run) == words


def test_the_number_is_that_of_the_epoch_that_is_shown_first_also_if_another_was_better():
    history = History(10)
    for epoch, accuracy in enumerate((0.1, 0.944, 0.889)):
        history.add_epoch(EpochRecord(epoch, {"val_accuracy": accuracy}, 1.0))
    run = Run("A", description("run", preset("softmax").config.replace(epochs=4)), history)
    texts = []
    for position in (Position(0), Position(1), Position(2)):
        run.recorded.append(position)
        run.newest = position
        texts.append(describe(run))
    assert texts == ["0/4 epochs", "94.4 % correct · 1/4 epochs", "88.9 % correct · 2/4 epochs"]


def test_settings_without_effect_on_a_run_are_no_difference():
    config = preset("vae").config.replace(beta=4.0, epochs=3)
    varying = ("epochs", "beta", "corruption_amount")
    assert difference_text(Run("A", description("run", config), History(10)), varying) == "β 4"
    plain = preset("autoencoder").config.replace(beta=4.0)
    assert difference_text(Run("B", description("run", plain), History(10)), varying) == ""


def test_corrected_images_are_named_in_words_and_those_who_have_none_say_nothing():
    """The path of their file, cut in the middle, hid the rate after it."""
    plain = preset("softmax").config.replace(learning_rate=0.1)
    varying = ("labelled_examples", "learning_rate")
    for config, text in (
        (plain, "rate 0.1"),
        (plain.replace(labelled_examples="/home/x/drawings.npz"), "corrected images · rate 0.1"),
    ):
        assert difference_text(Run("A", description("run", config), History(10)), varying) == text
