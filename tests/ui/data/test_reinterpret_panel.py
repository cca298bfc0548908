"""The network's view of a dataset by itself: which image, in which order, by which weights, and as a film."""

from dataclasses import replace

import numpy as np
import pytest
from asking import watch
from hand import point_at
from idle import wait_until_idle
from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QPushButton, QSlider, QWidget
from seen import hover_texts
from trained import train

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.dataset_requests import DatasetRef, DescribeDataset
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Reconstruct
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.ui.data.reinterpret_panel import ReinterpretPanel

pytestmark = pytest.mark.gui

N, SHAPE = 30, (12, 20, 1)
GREYS = np.random.default_rng(0).permutation(N).astype(np.uint8) * 8
BY_GREY = np.argsort(GREYS).astype(np.int32)
CONFIG = preset("lecture-autoencoder").config.replace(epochs=4)


@pytest.fixture
def run(qtbot, engine, facts):
    """A run on images wider than high, which are halved by each bend."""
    describe, answer = facts.description, facts.value_of

    def value_of(request, snapshot):
        value = answer(request, snapshot)
        return value * np.float32(0.5) ** len(request.bends) if isinstance(request, Reconstruct) else value

    facts.description = lambda *about: replace(describe(*about), image_shape=SHAPE)
    facts.value_of = value_of
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    return train(qtbot, engine, CONFIG)


@pytest.fixture
def dataset(tmp_path):
    path = tmp_path / "greys.npz"
    np.savez(path, images=np.zeros((N, *SHAPE), np.uint8) + GREYS[:, None, None, None])
    return DatasetRef.of(CONFIG.replace(dataset=str(path)))


@pytest.fixture
def panel(qtbot, theme, engine, run, dataset, show):
    """The panel with all images, the last one first."""
    described = []
    client = InferenceClient(engine.datasets, engine)
    client.ask(DescribeDataset(dataset, True), lambda about, _: described.append(about))
    qtbot.waitUntil(lambda: bool(described))
    page = QWidget()
    qtbot.addWidget(page)
    panel = show(ReinterpretPanel(engine, theme, page, pytest.fail))
    panel.page = page  # which has its actions
    panel.set_dataset(dataset, *described)
    panel.set_numbers(np.arange(N, dtype=np.int32)[::-1])
    return panel


@pytest.fixture
def shows(qtbot, panel, part_of):
    """Waits until an image is shown beside what is made of it at a brightness."""
    view, slider = part_of(panel, "reinterpretedPair"), part_of(panel, "imageSlider")

    def shows(number, brightness, place):
        pair = [int(GREYS[number]), round(brightness * int(GREYS[number]))]

        def is_shown():
            images = view.images
            return images is not None and [round(float(image.mean())) for image in images] == pair

        qtbot.waitUntil(is_shown)
        assert slider.value() == place
        return True

    return shows


def test_the_image_shown_stays_in_another_order_and_gives_way_where_it_is_filtered_out(
    engine, run, panel, part_of, shows
):
    slider = part_of(panel, "imageSlider")
    assert shows(N - 1, 1, 0)
    view = part_of(panel, "reinterpretedPair")
    assert view.height() < 0.5 * panel.width(), "two images of 12×20"
    assert view.accessibleDescription() == "The image, and its reconstruction at its right."
    heard = hover_texts(view)
    for x in (3, 2 * view.width() // 3):
        point_at(view, QPoint(x, 3))
    assert [text.split(" ·")[0] for text in heard] == ["image", "reconstruction"]
    for number in (25, 3):
        slider.setValue(N - 1 - number)
        assert shows(number, 1, N - 1 - number)
        panel.set_numbers(BY_GREY)
        assert shows(number, 1, BY_GREY.tolist().index(number))
        panel.set_numbers(np.arange(N, dtype=np.int32)[::-1])
        assert shows(number, 1, N - 1 - number)
    for numbers, place in (([7, 11, 19], 0), (range(N), 7), ([11, 7, 19], 1)):
        panel.set_numbers(np.array(numbers, np.int32))
        assert shows(7, 1, place)
    assert (slider.minimum(), slider.maximum()) == (0, 2)
    panel.show_number(19)
    assert shows(19, 1, 2)
    panel.show_number(3)  # which is filtered out
    assert shows(19, 1, 2)
    panel.set_numbers(np.zeros(0, np.int32))
    assert view.images is None
    assert not part_of(panel, "playImagesButton").isEnabled()
    panel.set_numbers(BY_GREY)
    assert shows(19, 1, BY_GREY.tolist().index(19))
    panel.show_number(5)
    panel.set_dataset(None, None)
    wait_until_idle(engine, panel)
    assert view.images is None, "the image before comes late"


def test_what_is_made_of_an_image_is_by_the_weights_shown_and_their_bends_and_nothing_is_asked_while_hidden(
    qtbot, engine, run, panel, shows, monkeypatch
):
    bent = scaled((), Part("encoder_1", 3), 0.0)
    for epoch in (1, 3, 1):
        engine.view.show(Position(epoch))
        assert shows(N - 1, epoch / 4, 0)
        engine.bending.bend(run.run_id, bent)
        assert shows(N - 1, epoch / 8, 0)
        engine.bending.bend(run.run_id, ())
        assert shows(N - 1, epoch / 4, 0)
        panel.hide()
        asked = watch(engine, monkeypatch)
        engine.view.show(Position(2))
        engine.bending.bend(run.run_id, bent)
        panel.show_number(5)
        wait_until_idle(engine, panel)
        assert asked == []
        panel.show()
        assert shows(5, 0.25, N - 6)
        engine.bending.bend(run.run_id, ())
        panel.show_number(N - 1)


def test_images_play_on_from_where_the_slider_is_moved_and_anew_after_the_last(qtbot, panel, part_of, shows):
    button, slider = part_of(panel, "playImagesButton"), part_of(panel, "imageSlider")
    assert isinstance(button, QPushButton)
    assert isinstance(slider, QSlider)
    assert shows(N - 1, 1, 0)
    for _ in range(2):
        button.click()
        slider.setValue(N - 2)
        assert button.text() == "Pause"
        qtbot.waitUntil(lambda: slider.value() != N - 2)
        assert slider.value() == N - 1
        qtbot.waitUntil(lambda: button.text() == "Play")
        assert shows(0, 1, N - 1)
        button.click()
        assert (button.text(), slider.value()) == ("Pause", 0)
        panel.hide()
        assert button.text() == "Play"
        assert not [timer for timer in panel.findChildren(QTimer) if timer.isActive()]
        panel.show()


def test_a_film_has_the_images_in_their_order_by_the_weights_shown(
    engine, run, dataset, panel, part_of, shows, file_dialogs, tmp_path, monkeypatch
):
    films = []
    monkeypatch.setattr(engine.reinterpreting, "start", lambda *film: films.append(film))
    path = tmp_path / "film.mp4"
    for numbers, at in ((BY_GREY, 1), (BY_GREY[:7:-1], 3), (BY_GREY, None)):
        panel.set_numbers(numbers)
        engine.view.go_live() if at is None else engine.view.show(Position(at))
        file_dialogs.answer(path)
        part_of(panel, "saveReinterpretedButton").click()
        *film, order, saved = films.pop()
        assert film == [run, Position(at or 4), dataset.config.dataset]
        assert (order.numbers.tolist(), saved) == (numbers.tolist(), path)
