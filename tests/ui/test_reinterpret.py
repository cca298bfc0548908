"""Data's page “Network's view”: a dataset as that sees it, epoch by epoch, and as a film."""

from pathlib import Path
from threading import Event

import numpy as np
import pytest
import trained
from asking import watch
from films import frames_of, make_film, sound_of
from hand import choose_entry, drop
from idle import wait_until_idle
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QPushButton, QSlider, QTabWidget
from seen import reported_at

from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Reconstruct

pytestmark = [pytest.mark.gui, pytest.mark.slow]
PAGES = "seen"

N = 60
GREYS = np.random.default_rng(0).permutation(N).astype(np.uint8) * 4


@pytest.fixture
def dataset(tmp_path):
    """A file of images, each of one grey, in no order."""
    path = tmp_path / "greys.npz"
    np.savez(path, images=np.zeros((N, 28, 28, 1), np.uint8) + GREYS[:, None, None, None])
    return path


@pytest.fixture
def film(tmp_path):
    """A film of 100 frames with sound."""
    return make_film(tmp_path / "flash.mp4", n=100)


@pytest.fixture
def train(qtbot, engine, window):
    """Trains a run on MNIST, of which the fake network learns the brightness."""

    def train(name="lecture-autoencoder", **changes):
        return trained.train(qtbot, engine, preset(name).config.replace(epochs=4, **changes))

    return train


@pytest.fixture
def run(train):
    return train()


@pytest.fixture
def show(qtbot, window, find):
    """Opens a dataset in Data and turns to the page."""

    def show(path):
        assert drop(window, path)
        if path.suffix == ".mp4":
            prepare_in_dialog(qtbot, window)
        find("tabs", QTabWidget).setCurrentWidget(find("dataTab"))
        montage = find("datasetMontage")
        qtbot.waitUntil(lambda: Path(path).name in find("datasetLine", QLabel).text())
        qtbot.waitUntil(lambda: montage.grid is not None and not montage.missing_tiles())
        click(find("reinterpretPanelButton", QPushButton))

    return show


def prepare_in_dialog(qtbot, window):
    """Prepare a dataset as the dialog proposes."""
    qtbot.waitUntil(lambda: window.findChild(QDialog, "prepareDialog") is not None)
    start = window.findChild(QPushButton, "prepareStartButton")
    qtbot.waitUntil(start.isEnabled)
    click(start)
    qtbot.waitUntil(lambda: window.findChild(QDialog, "prepareDialog") is None)


@pytest.fixture
def show_film(qtbot, window, show, shown, find, film):
    """Opens the film in Data, and lets the page have it prepared for the network."""

    def show_film():
        show(film)
        button = find("prepareForNetworkButton", QPushButton)
        qtbot.waitUntil(button.isVisible)
        click(button)
        prepare_in_dialog(qtbot, window)
        qtbot.waitUntil(lambda: len(shown()) == 2)

    return show_film


@pytest.fixture
def shown(find):
    """The greys of the image and of its reconstruction; one alone where there is no reconstruction."""

    def shown():
        images = find("reinterpretedPair").images
        return [] if images is None else [int(np.rint(image.mean())) for image in images]

    return shown


def click(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def seen_at(brightness, grey):
    """What is shown of a grey at a fake network's brightness."""
    return [int(grey), round(brightness * int(grey))]


def test_an_image_stands_beside_what_the_network_makes_of_it(qtbot, run, show, shown, find, dataset):
    show(dataset)
    qtbot.waitUntil(lambda: shown() == seen_at(1, GREYS[0]))
    assert find("reinterpretedLabel", QLabel).text() == "image 0 · squared error 0"
    assert not find("reinterpretMessage", QLabel).isVisible()


def test_reinterpretation_follows_the_timeline(qtbot, engine, run, show, shown, dataset):
    show(dataset)
    qtbot.waitUntil(lambda: shown() == seen_at(1, GREYS[0]))
    for epoch in (1, 3, 0):
        engine.view.show(Position(epoch))
        qtbot.waitUntil(lambda epoch=epoch: shown() == seen_at(epoch / 4, GREYS[0]))


def test_the_slider_goes_through_the_images_in_the_montages_order(qtbot, run, show, shown, find, dataset):
    show(dataset)
    slider = find("imageSlider", QSlider)
    assert (slider.minimum(), slider.maximum()) == (0, N - 1)
    slider.setFocus()
    for step in (1, 2):
        QTest.keyClick(slider, Qt.Key.Key_Right)
        qtbot.waitUntil(lambda step=step: shown() == seen_at(1, GREYS[step]))
    choose_entry(find("sortCombo", QComboBox), "By brightness")
    here = int(np.argsort(GREYS).tolist().index(2))
    qtbot.waitUntil(lambda: slider.value() == here)
    assert shown() == seen_at(1, GREYS[2]), "the image stays, wherever it is now"
    QTest.keyClick(slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: shown() == seen_at(1, GREYS.min()))
    QTest.keyClick(slider, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: shown() == seen_at(1, GREYS.max()))


def test_a_filter_leaves_only_its_images(qtbot, run, show, shown, find, dataset):
    show(dataset)
    choose_entry(find("splitFilter", QComboBox), "Test")
    slider = find("imageSlider", QSlider)
    qtbot.waitUntil(lambda: slider.maximum() < N / 2)
    montage = find("datasetMontage")
    cells = montage.grid.cells[montage.grid.cells >= 0]
    QTest.keyClick(slider, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: shown() == seen_at(1, GREYS[cells[-1]]))


def click_last_of_first_row(montage):
    place = next(
        QPoint(x, 20)
        for x in range(montage.width() - 1, 0, -1)
        if reported_at(montage, QPoint(x, 20)).startswith("image")
    )
    QTest.mouseClick(montage, Qt.MouseButton.LeftButton, pos=place)


def test_a_click_in_the_montage_goes_to_that_image_and_the_page_stays(qtbot, run, show, shown, find, dataset):
    show(dataset)
    qtbot.waitUntil(lambda: bool(shown()))
    montage = find("datasetMontage")
    click_last_of_first_row(montage)
    qtbot.waitUntil(lambda: find("imageSlider", QSlider).value() == montage.chosen)
    qtbot.waitUntil(lambda: shown() == seen_at(1, GREYS[montage.chosen]))
    assert montage.chosen > 0
    assert find("reinterpretedPair").isVisible()


def test_images_play_to_the_end_and_stop_there(qtbot, run, show, shown, find, dataset):
    show(dataset)
    qtbot.waitUntil(lambda: bool(shown()))
    button, slider = find("playImagesButton", QPushButton), find("imageSlider", QSlider)
    for key in (Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(slider, key)
    assert (button.text(), slider.value()) == ("Play", N - 3)
    click(button)
    assert button.text() == "Pause"
    qtbot.waitUntil(lambda: slider.value() == N - 1)
    qtbot.waitUntil(lambda: button.text() == "Play" and shown() == seen_at(1, GREYS[-1]))
    click(button)
    assert slider.value() == 0, "after the last, it begins anew"


def test_a_key_plays_and_pauses(qtbot, run, show, shown, find, dataset):
    show(dataset)
    qtbot.waitUntil(lambda: bool(shown()))
    button, slider = find("playImagesButton", QPushButton), find("imageSlider", QSlider)
    QTest.keyClick(slider, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: slider.value() >= 1)
    QTest.keyClick(slider, Qt.Key.Key_P)
    assert button.text() == "Play"
    assert slider.value() < N - 1


@pytest.mark.parametrize("button", ["statisticsPanelButton", "duplicatesPanelButton"])
def test_on_another_page_nothing_plays_and_no_network_is_asked(
    qtbot, window, engine, run, show, shown, find, dataset, monkeypatch, button
):
    show(dataset)
    qtbot.waitUntil(lambda: bool(shown()))
    click(find("playImagesButton", QPushButton))
    click(find(button, QPushButton))
    assert find("playImagesButton", QPushButton).text() == "Play"
    asked = watch(engine, monkeypatch)
    engine.view.show(Position(1))
    wait_until_idle(engine, window)
    # The run list may still ask for its miniature, at the last epoch.
    requests = [ticket.request for ticket in asked if isinstance(ticket.request, Reconstruct)]
    assert Position(1) not in [request.position for request in requests]
    click(find("reinterpretPanelButton", QPushButton))
    qtbot.waitUntil(lambda: shown() == seen_at(0.25, GREYS[0]))


def message(find):
    label = find("reinterpretMessage", QLabel)
    return label.text() if label.isVisible() else ""


def test_without_a_network_that_makes_images_the_page_says_what_to_do(
    qtbot, train, show, shown, find, dataset
):
    show(dataset)
    assert message(find).startswith("No run is open. Train an autoencoder, or open one")
    assert not find("saveReinterpretedButton", QPushButton).isEnabled()
    train("softmax")
    qtbot.waitUntil(lambda: message(find).endswith("No open autoencoder takes these images: train one."))
    assert "is a classifier: it does not reconstruct images." in message(find)
    qtbot.waitUntil(lambda: shown() == [int(GREYS[0])])
    for name in ("playImagesButton", "saveReinterpretedButton"):
        assert not find(name, QPushButton).isEnabled()
        assert "is a classifier" in find(name, QPushButton).toolTip()
    train()
    qtbot.waitUntil(lambda: shown() == seen_at(1, GREYS[0]))
    assert message(find) == ""
    train("softmax")
    qtbot.waitUntil(lambda: message(find).endswith("Choose an autoencoder, such as B lecture-autoencoder."))


def test_the_chosen_image_is_the_one_that_is_reinterpreted(qtbot, run, show, shown, find, dataset):
    show(dataset)
    qtbot.waitUntil(lambda: shown() == seen_at(1, GREYS[0]))
    click(find("statisticsPanelButton", QPushButton))
    montage = find("datasetMontage")
    click_last_of_first_row(montage)
    chosen = montage.chosen
    assert chosen > 0
    qtbot.waitUntil(find("imagePanelButton", QPushButton).isChecked)
    choose_entry(find("sortCombo", QComboBox), "By brightness")
    click(find("reinterpretPanelButton", QPushButton))
    qtbot.waitUntil(lambda: shown() == seen_at(1, GREYS[chosen]))
    qtbot.waitUntil(lambda: find("imageSlider", QSlider).value() == int(np.sum(GREYS[chosen] > GREYS)))


def test_images_that_the_network_does_not_take_are_prepared_in_one_click(
    qtbot, run, show, shown, find, window, tmp_path
):
    path = tmp_path / "large.npz"
    np.savez(path, images=np.full((30, 40, 40, 3), 200, np.uint8))
    show(path)
    assert "takes images of 28×28 in grey; these are 40×40 in colour. Prepare them" in message(find)
    qtbot.waitUntil(lambda: shown() == [200])
    button = find("prepareForNetworkButton", QPushButton)
    assert button.text() == "Prepare at 28×28 in grey…"
    click(button)
    prepare_in_dialog(qtbot, window)
    qtbot.waitUntil(lambda: shown() == seen_at(1, 200))
    assert find("reinterpretedPair").isVisible()
    assert not button.isVisible()


def test_the_emoji_are_prepared_for_a_network_of_digits_too(qtbot, window, run, show, shown, find, dataset):
    show(dataset)
    menu = find("openSourceButton", QPushButton).menu()
    next(action for action in menu.actions() if action.text() == "Emoji").trigger()
    button = find("prepareForNetworkButton", QPushButton)
    qtbot.waitUntil(button.isVisible)
    click(button)
    prepare_in_dialog(qtbot, window)
    qtbot.waitUntil(lambda: "Emoji · 1,906 images of 28×28 ·" in find("datasetLine", QLabel).text())
    qtbot.waitUntil(lambda: len(shown()) == 2)
    assert shown()[0] == shown()[1]


def test_the_dataset_stays_for_another_network_while_the_page_is_open(
    qtbot, engine, run, show, shown, find, dataset, train
):
    show(dataset)
    train(seed=2)
    qtbot.waitUntil(lambda: shown() == seen_at(1, GREYS[0]))
    assert "greys.npz" in find("datasetLine", QLabel).text()
    click(find("statisticsPanelButton", QPushButton))
    engine.view.show_run(engine.runs[0])
    qtbot.waitUntil(lambda: "MNIST" in find("datasetLine", QLabel).text())


def save(find, file_dialogs, path):
    file_dialogs.answer(path)
    click(find("saveReinterpretedButton", QPushButton))


def test_a_film_is_saved_whole_with_its_sound_at_the_epoch_shown(
    qtbot, window, engine, run, show_film, find, film, file_dialogs, tmp_path
):
    show_film()
    engine.view.show(Position(2))
    choose_entry(find("splitFilter", QComboBox), "Test")
    with qtbot.waitSignal(engine.reinterpreting.finished):
        save(find, file_dialogs, tmp_path / "saved.mp4")
    assert Path(file_dialogs.asked[-1].place).name == "flash seen by lecture-autoencoder.mp4"
    frames, times = frames_of(tmp_path / "saved.mp4")
    assert len(frames) == 100
    assert times == frames_of(film)[1]
    left, right = frames[:, :, :252].mean(axis=(1, 2, 3)), frames[:, :, 254:].mean(axis=(1, 2, 3))
    np.testing.assert_allclose(right, left / 2, atol=3)
    assert sound_of(tmp_path / "saved.mp4")[0] == pytest.approx(0.8, abs=0.01)
    assert find("noticeStrip").message() == f"Saved “saved.mp4” to {tmp_path}."


def test_other_images_are_saved_in_the_order_that_is_shown(
    qtbot, engine, run, show, shown, find, dataset, file_dialogs, tmp_path
):
    show(dataset)
    choose_entry(find("sortCombo", QComboBox), "By brightness")
    qtbot.waitUntil(lambda: find("imageSlider", QSlider).value() > 0)
    with qtbot.waitSignal(engine.reinterpreting.finished):
        save(find, file_dialogs, tmp_path / "saved.mp4")
    frames, times = frames_of(tmp_path / "saved.mp4")
    np.testing.assert_allclose(frames[:, :, :252].mean(axis=(1, 2, 3)), np.sort(GREYS), atol=3)
    assert float(times[-1]) == (N - 1) / 4


@pytest.fixture
def held(engine, monkeypatch):
    """Lets no reconstruction of many images through until the test sets it."""
    held, send = Event(), engine.inference.send

    def hold(ticket):
        if held.is_set() or not isinstance(ticket.request, Reconstruct) or len(ticket.request.images) == 1:
            send(ticket)

    monkeypatch.setattr(engine.inference, "send", hold)
    return held


def test_a_film_is_cancelled_and_leaves_no_file(
    qtbot, engine, run, show_film, find, film, file_dialogs, tmp_path, held
):
    show_film()
    folder = tmp_path / "films"
    folder.mkdir()
    save(find, file_dialogs, folder / "saved.mp4")
    progress, cancel = find("filmProgress"), find("cancelFilmButton", QPushButton)
    qtbot.waitUntil(progress.isVisible)
    assert not find("saveReinterpretedButton", QPushButton).isEnabled(), "one at a time"
    assert "is being written" in find("saveReinterpretedButton", QPushButton).toolTip()
    click(cancel)
    qtbot.waitUntil(lambda: not progress.isVisible())
    assert list(folder.iterdir()) == []
    assert find("saveReinterpretedButton", QPushButton).isEnabled()


def test_a_window_that_closes_gives_up_the_film(
    qtbot, engine, run, show_film, find, film, file_dialogs, tmp_path, held
):
    show_film()
    folder = tmp_path / "films"
    folder.mkdir()
    save(find, file_dialogs, folder / "saved.mp4")
    qtbot.waitUntil(find("filmProgress").isVisible)
    assert engine.shut_down(60_000)
    assert not engine.jobs.is_busy
    assert list(folder.iterdir()) == []


def test_a_film_that_cannot_be_saved_says_why(
    qtbot, engine, run, show_film, find, film, file_dialogs, tmp_path
):
    show_film()
    before = film.read_bytes()
    with qtbot.waitSignal(engine.notifications.failed) as failed:
        save(find, file_dialogs, film)
    assert "is the film itself" in failed.args[0]
    assert film.read_bytes() == before
