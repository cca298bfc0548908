"""The Data tab: which dataset it shows, filters and orders, and what becomes of a chosen image."""

from dataclasses import replace

import numpy as np
import pytest
import trained
from asking import watch
from hand import choose_entry, drop
from idle import wait_until_idle
from menus import entry
from next_settings import set_next
from photographs import AUTOENCODER, use_photographs
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QTabWidget,
    QWidget,
)
from seen import reported_at

from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import ComputeErrors, Encode

pytestmark = pytest.mark.gui

N = 200
LABELS = np.arange(N) % 10


@pytest.fixture
def dataset(tmp_path):
    """A file of 200 ink-on-black images, from dark to bright and back, in ten classes."""
    images = np.zeros((N, 28, 28, 1), np.uint8)
    images[:, 8:20, 8:20] = (50 + np.abs(np.arange(N) - 100)).astype(np.uint8)[:, None, None, None]
    path = tmp_path / "marks.npz"
    np.savez(path, images=images, labels=LABELS)
    return path


@pytest.fixture
def tabs(find):
    return find("tabs", QTabWidget)


@pytest.fixture
def montage(find, tabs):
    """The montage, in view."""
    tabs.setCurrentWidget(find("dataTab"))
    return find("datasetMontage")


@pytest.fixture
def opened(qtbot, window, find, tabs, montage, dataset):
    """The dataset, dropped on the window and shown in the Data tab."""
    assert drop(window, dataset)
    tabs.setCurrentWidget(find("dataTab"))
    wait_for(qtbot, montage, find, "marks.npz")
    return montage


def wait_for(qtbot, montage, find, name):
    """Wait until a dataset is shown, with all tiles."""
    qtbot.waitUntil(lambda: name in find("datasetLine", QLabel).text())
    settle(qtbot, montage)


def settle(qtbot, montage):
    qtbot.waitUntil(lambda: montage.grid is not None and not montage.missing_tiles())


def order(montage):
    """The images in the order of their cells."""
    cells = np.array([]) if montage.grid is None else montage.grid.cells
    return cells[cells >= 0].tolist()


def choose(combo, text):
    choose_entry(combo, text)


def click_first(qtbot, montage):
    left = next(x for x in range(montage.width()) if reported_at(montage, QPoint(x, 20)))
    with qtbot.waitSignal(montage.image_chosen):
        qtbot.mouseClick(montage, Qt.MouseButton.LeftButton, pos=QPoint(left + 5, 8))


def test_before_anything_is_trained_it_shows_the_dataset_of_the_form(qtbot, montage, find):
    wait_for(qtbot, montage, find, "MNIST · 70,000 images of 28×28 · 10 classes")
    assert len(order(montage)) == 70_000


def test_data_tab_answers_before_tensorflow_is_there(qtbot, montage, find, engine, backends, monkeypatch):
    """The dataset thread waits for no other: here, nothing is trained or opened."""
    asked = watch(engine, monkeypatch)
    wait_for(qtbot, montage, find, "MNIST")
    assert not asked, "no network was asked"


def test_a_dropped_dataset_is_shown_as_the_form_has_it(opened, find):
    text = find("datasetLine", QLabel).text()
    assert text == "marks.npz · 200 images of 28×28 · 10 classes · 162 training, 18 validation, 20 test"
    assert order(opened) == list(range(N))


def test_another_seed_of_the_next_run_is_another_split(qtbot, opened, find, engine):
    def validation():
        choose(find("splitFilter", QComboBox), "Validation")
        settle(qtbot, opened)
        qtbot.waitUntil(lambda: opened.grid is not None and len(order(opened)) == 18)
        return order(opened)

    before = validation()
    set_next(engine, seed="7")
    qtbot.waitUntil(lambda: opened.grid is not None and len(order(opened)) == 18 and order(opened) != before)


def test_a_run_brings_its_own_dataset_and_says_whose_split_it_is(qtbot, opened, find, engine):
    trained.train(qtbot, engine, preset("softmax").config.replace(epochs=1))
    wait_for(qtbot, opened, find, "MNIST")
    assert find("datasetLine", QLabel).text().endswith("split as in A")


def test_a_path_that_only_a_run_names_is_not_looked_up(qtbot, montage, find, engine, tmp_path):
    config = preset("softmax").config.replace(epochs=1, dataset=str(tmp_path / "elsewhere.npz"))
    trained.train(qtbot, engine, config)
    qtbot.waitUntil(lambda: "not looked up unless you ask" in montage.accessibleDescription())
    assert find("datasetLine", QLabel).text() == ""


def test_the_dataset_that_a_run_names_is_opened_in_one_click(qtbot, montage, find, engine, dataset):
    assert not find("openNamedButton").isVisible()
    config = preset("softmax").config.replace(epochs=1, dataset=str(dataset))
    trained.train(qtbot, engine, config)
    button = find("openNamedButton", QPushButton)
    qtbot.waitUntil(button.isVisible)
    assert button.text() == "Open marks.npz…"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_for(qtbot, montage, find, "marks.npz")
    assert not button.isVisible()


@pytest.mark.parametrize("options", ["size=32", "size=9999"])
def test_a_dataset_is_offered_by_its_name_whatever_the_options_that_the_run_names(
    qtbot, montage, find, engine, tmp_path, options
):
    """Of another version, or of a file that was edited: those that are not valid here raised an error."""
    config = preset("softmax").config.replace(epochs=1, dataset=f"{tmp_path / 'photos'}:{options}")
    trained.train(qtbot, engine, config)
    button = find("openNamedButton", QPushButton)
    qtbot.waitUntil(button.isVisible)
    assert button.text() == "Open photos…"


def test_what_is_mended_and_chosen_again_is_read(qtbot, window, find, tabs, montage, tmp_path, dataset):
    path = tmp_path / "broken.npz"
    path.write_bytes(b"PK\x03\x04 and nothing else")
    drop(window, path)
    tabs.setCurrentWidget(find("dataTab"))
    qtbot.waitUntil(lambda: "broken.npz" in find("noticeStrip").message())
    path.write_bytes(dataset.read_bytes())
    drop(window, path)
    tabs.setCurrentWidget(find("dataTab"))
    wait_for(qtbot, montage, find, "broken.npz · 200 images")


def test_open_asks_for_files_of_a_kind_and_the_form_has_them_too(qtbot, find, montage, dataset, file_dialogs):
    file_dialogs.answer(dataset)
    menu = find("openSourceButton", QPushButton).menu()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if ".npz" in action.text()).trigger()
    wait_for(qtbot, montage, find, "marks.npz")
    assert montage.isVisible(), "the tab stays"
    find("tabs").setCurrentWidget(find("trainTab"))
    assert find("datasetCombo").dataset == str(dataset)


def test_after_a_dataset_was_not_opened_images_can_be_chosen_still(
    qtbot, window, opened, find, file_dialogs, tmp_path
):
    folder = tmp_path / "photographs"
    folder.mkdir()
    for name in ("a.png", "b.png"):
        Image.new("L", (8, 8)).save(folder / name)
    file_dialogs.answer(folder)
    menu = find("openSourceButton", QPushButton).menu()
    next(action for action in menu.actions() if action.text() == "Open image folder…").trigger()
    qtbot.waitUntil(lambda: any(dialog.isVisible() for dialog in window.findChildren(QDialog)))
    qtbot.keyClick(find("prepareDialog"), Qt.Key.Key_Escape)
    click_first(qtbot, opened)
    qtbot.waitUntil(lambda: find("imageLabel", QLabel).text() == "Label 0")
    assert find("imageView").isVisible()


def test_a_dataset_that_is_opened_again_is_read_again(qtbot, opened, find, dataset, file_dialogs):
    np.savez(dataset, images=np.zeros((30, 4, 4, 1), np.uint8))
    file_dialogs.answer(dataset)
    menu = find("openSourceButton", QPushButton).menu()
    next(action for action in menu.actions() if ".npz" in action.text()).trigger()
    wait_for(qtbot, opened, find, "marks.npz · 30 images of 4×4")


def test_filters_select_and_clear(qtbot, opened, find):
    def reported():
        """How many of the images are said to be shown."""
        labels = [label for label in find("dataTab").findChildren(QLabel) if label.isVisible()]
        texts = {label.accessibleName() or label.text() for label in labels}
        return {text for text in texts if text.endswith(" of 200")}

    assert reported() == set()
    choose(find("labelFilter", QComboBox), "3")
    qtbot.waitUntil(lambda: order(opened) == np.flatnonzero(LABELS == 3).tolist())
    assert reported() == {"20 of 200"}
    choose(find("splitFilter", QComboBox), "Test")
    qtbot.waitUntil(lambda: len(order(opened)) < 20)
    choose(find("labelFilter", QComboBox), "All classes")
    qtbot.waitUntil(lambda: len(order(opened)) == 20)
    choose(find("splitFilter", QComboBox), "All parts")
    qtbot.waitUntil(lambda: len(order(opened)) == N)
    assert reported() == set()


def test_a_filter_that_nothing_passes_says_so(qtbot, window, find, tabs, montage, tmp_path):
    path = tmp_path / "two.npz"
    np.savez(path, images=np.zeros((20, 4, 4, 1), np.uint8), labels=np.repeat([0, 2], 10))
    drop(window, path)
    tabs.setCurrentWidget(find("dataTab"))
    wait_for(qtbot, montage, find, "two.npz")
    choose(find("labelFilter", QComboBox), "1")
    qtbot.waitUntil(lambda: montage.accessibleDescription() == "No image passes the filter.")
    choose(find("labelFilter", QComboBox), "2")
    qtbot.waitUntil(lambda: montage.grid is not None and order(montage) == list(range(10, 20)))


def test_sorting_by_class_and_brightness(qtbot, opened, find):
    combo = find("sortCombo", QComboBox)
    choose(combo, "By class")
    qtbot.waitUntil(lambda: order(opened) == np.argsort(LABELS, kind="stable").tolist())
    assert [rows.label for rows in opened.grid.classes] == list(range(10))
    choose(combo, "By brightness")
    qtbot.waitUntil(lambda: order(opened)[0] == 100)
    assert order(opened)[-1] == 0


def test_only_what_the_dataset_has_is_offered(opened, find):
    combo = find("sortCombo", QComboBox)
    assert [combo.itemData(i) for i in range(combo.count())] == ["number", "class", "brightness"]
    assert not find("nameFilter", QLineEdit).isVisible(), "its images have no names"


@pytest.fixture
def train_on_it(qtbot, engine, opened, find, dataset):
    """Trains a classifier on the dataset."""

    def train(name="softmax", **changes):
        config = preset(name).config.replace(epochs=2, dataset=str(dataset), batch_size=10, **changes)
        run = trained.train(qtbot, engine, config)
        qtbot.waitUntil(lambda: find("datasetLine", QLabel).text().endswith(f"split as in {run.letter}"))
        settle(qtbot, opened)
        return run

    return train


def test_sorting_by_error_follows_the_timeline(qtbot, engine, opened, find, train_on_it, monkeypatch):
    train_on_it()
    choose(find("sortCombo", QComboBox), "Strangest to A first")
    worst = sorted(range(N), key=lambda number: number % 10)
    qtbot.waitUntil(lambda: order(opened) == worst)
    label, view = find("imageLabel", QLabel), engine.view
    for number in (worst[0], worst[-1]):
        view.change(data=replace(view.value.data, page="image", image=number))
        qtbot.waitUntil(lambda number=number: label.text().startswith(f"Label {LABELS[number]}"))
        assert ("error 0." in label.text()) == (number == worst[-1]), "below the average"
        assert label.text().endswith(" × the average of all images")
    choose(find("sortCombo", QComboBox), "By number")
    qtbot.waitUntil(lambda: "average" not in label.text())
    choose(find("sortCombo", QComboBox), "Strangest to A first")
    qtbot.waitUntil(lambda: label.text().endswith(" × the average of all images"))
    told = []
    watch(engine, monkeypatch, lambda ticket: told.append((type(ticket.request), label.text())))
    engine.view.show(Position(0))
    qtbot.waitUntil(lambda: order(opened) == list(range(N)), timeout=60_000)
    said = {text for asked, text in told if asked is ComputeErrors}
    assert said == {f"Label {LABELS[worst[-1]]}"}, "the error of other weights"


def test_sorting_by_error_asks_the_run_shown_also_where_both_have_the_same_images(
    qtbot, engine, opened, find, train_on_it, monkeypatch
):
    first, second = train_on_it(), train_on_it()
    choose(find("sortCombo", QComboBox), "Strangest to B first")
    qtbot.waitUntil(lambda: order(opened) == sorted(range(N), key=lambda number: number % 10))
    asked = watch(engine, monkeypatch)
    for run in (first, second, first):
        asked.clear()
        engine.view.show_run(run)
        qtbot.waitUntil(lambda: any(isinstance(ticket.request, ComputeErrors) for ticket in asked))
        evaluated = {ticket.request.run_id for ticket in asked if isinstance(ticket.request, ComputeErrors)}
        assert evaluated == {run.run_id}
        settle(qtbot, opened)


def test_images_that_the_network_takes_for_a_class_are_shown_alone(
    qtbot, engine, opened, find, train_on_it, dataset
):
    """In the fake network's eyes, image n is of class n % 7."""
    view, predicted = engine.view, find("predictionFilter", QComboBox)
    for wished, name in ((3, "softmax"), (5, "softmax"), (3, "lecture-autoencoder")):
        train_on_it(name)
        assert not predicted.isVisible()
        data = replace(view.value.data.about(str(dataset)), predicted=wished)
        view.change(data=data)
        taken = [number for number in range(N) if number % 7 == wished]
        if name == "softmax":
            qtbot.waitUntil(lambda taken=taken: order(opened) == taken)
            view.change(data=replace(data, sort="error"))
            worst = sorted(taken, key=lambda number: number % 10)
            qtbot.waitUntil(lambda worst=worst: order(opened) == worst)
            assert predicted.isVisible()
            assert predicted.currentText() == f"Predicted {wished}"
            view.change(data=replace(data, label=4))
            of_class = [number for number in taken if number % 10 == 4]
            qtbot.waitUntil(lambda of_class=of_class: order(opened) == of_class)
            view.change(data=data)
            choose(predicted, "Any prediction")
            assert view.value.data.predicted is None
        settle(qtbot, opened)
        assert not predicted.isVisible(), "an autoencoder predicts nothing"
        qtbot.waitUntil(lambda: order(opened) == list(range(N)))
        view.change(data=replace(view.value.data, predicted=None))


def test_sorting_by_error_follows_back_to_live(qtbot, window, engine, opened, find, train_on_it):
    """The images stayed in the order of the epoch that had been shown before."""
    train_on_it()
    choose(find("sortCombo", QComboBox), "Strangest to A first")
    worst = sorted(range(N), key=lambda number: number % 10)
    qtbot.waitUntil(lambda: order(opened) == worst)
    engine.view.show(Position(0))
    qtbot.waitUntil(lambda: order(opened) == list(range(N)))
    entry(window, "live").trigger()
    qtbot.waitUntil(lambda: order(opened) == worst)


@pytest.mark.parametrize("tab", ["dataTab", "drawTab"])
def test_sorting_by_error_follows_a_training_to_its_end(
    qtbot, window, engine, opened, find, tabs, dataset, monkeypatch, tab
):
    """The images stayed in the order of the weights of its beginning, also if it was watched elsewhere."""
    config = preset("softmax").config.replace(epochs=2, dataset=str(dataset), batch_size=10)
    engine.training.train(config, paused=True)
    qtbot.waitUntil(lambda: find("datasetLine", QLabel).text().endswith("split as in A"))
    asked = watch(engine, monkeypatch)

    def n_evaluated():
        return sum(isinstance(ticket.request, ComputeErrors) for ticket in asked)

    choose(find("sortCombo", QComboBox), "Strangest to A first")
    qtbot.waitUntil(lambda: n_evaluated() > 0)
    before = n_evaluated()
    tabs.setCurrentWidget(find(tab))
    engine.training.resume()
    qtbot.waitUntil(lambda: engine.training.run is None)
    tabs.setCurrentWidget(find("dataTab"))
    qtbot.waitUntil(lambda: n_evaluated() > before)
    qtbot.waitUntil(lambda: order(opened) == sorted(range(N), key=lambda number: number % 10))
    assert engine.training.run is None, "the images stay in place while it trains"


def test_sorting_by_error_rests_while_another_tab_is_shown(
    qtbot, window, engine, opened, find, tabs, tmp_path, monkeypatch
):
    """Each answer asked for the next, in the thread that answers the drags of the other tabs."""
    n = 1100  # three requests, the last one with a rest
    path = tmp_path / "many.npz"
    labels = (np.arange(n) * 7) % 10
    np.savez(path, images=np.zeros((n, 28, 28, 1), np.uint8), labels=labels)
    assert drop(window, path)
    tabs.setCurrentWidget(find("dataTab"))
    wait_for(qtbot, opened, find, "many.npz")
    config = preset("softmax").config.replace(epochs=1, dataset=str(path), batch_size=10)
    trained.train(qtbot, engine, config)
    evaluated = []

    def leave_data(ticket):
        if isinstance(ticket.request, ComputeErrors):
            evaluated.append(ticket)
            tabs.setCurrentWidget(find("drawTab"))

    watch(engine, monkeypatch, leave_data)
    for _ in range(2):
        evaluated.clear()
        choose(find("sortCombo", QComboBox), "Strangest to A first")
        for n_asked in (1, 2, 3):
            qtbot.waitUntil(lambda n_asked=n_asked: len(evaluated) >= n_asked and not evaluated[-1].is_open)
            assert len(evaluated) == n_asked
            tabs.setCurrentWidget(find("dataTab"))
        qtbot.waitUntil(lambda: order(opened) == sorted(range(n), key=lambda number: number % 10))
        choose(find("sortCombo", QComboBox), "By number")
        qtbot.waitUntil(lambda: order(opened) == list(range(n)))


def test_only_filtered_images_are_evaluated(qtbot, engine, opened, find, train_on_it, monkeypatch):
    train_on_it()
    choose(find("labelFilter", QComboBox), "3")
    qtbot.waitUntil(lambda: len(order(opened)) == 20)
    asked = watch(engine, monkeypatch)
    choose(find("sortCombo", QComboBox), "Strangest to A first")
    qtbot.waitUntil(lambda: any(isinstance(ticket.request, ComputeErrors) for ticket in asked))
    numbers = [ticket.request.numbers for ticket in asked if isinstance(ticket.request, ComputeErrors)]
    assert np.concatenate(numbers).tolist() == np.flatnonzero(LABELS == 3).tolist()


def test_the_split_is_shown_and_hidden(qtbot, opened, find):
    before = opened.grab().toImage()
    qtbot.mouseClick(find("partsCheck", QCheckBox), Qt.MouseButton.LeftButton, pos=QPoint(8, 12))
    settle(qtbot, opened)
    assert opened.grab().toImage() != before


@pytest.fixture
def choose_image(window, engine, find, tabs, dataset):
    """Chooses an image of the dataset, and waits until it can be sent."""

    def choose_image(number):
        tabs.setCurrentWidget(find("dataTab"))
        view = engine.view
        view.change(data=replace(view.value.data.about(str(dataset)), image=number))
        wait_until_idle(engine, window)

    return choose_image


def test_a_label_is_shown_one_hot_by_its_action_of_the_image_chosen_or_the_first(
    window, engine, opened, find, choose_image
):
    one_hot, view = find("oneHotView"), engine.view
    for number in (0, 57):
        if number:
            choose_image(number)
        view.change(data=replace(view.value.data, page="statistics"))
        assert not one_hot.isVisible()
        entry(window, "showOneHot").trigger()
        wait_until_idle(engine, window)
        assert one_hot.isVisible()
        assert one_hot.accessibleDescription().startswith(f"class {LABELS[number]} of 10 · 1")


@pytest.fixture
def changes(window, engine):
    """The views that the window wished, one for each change."""
    views = []
    engine.view.bind(window, lambda: engine.view.value, lambda: views.append(engine.view.value))
    return views


def test_a_chosen_image_goes_to_draw_in_one_change_that_is_undone_there(
    qtbot, engine, opened, find, tabs, changes, next_start, choose_image
):
    canvas = find("digitCanvas")
    drawings = [canvas.drawing]
    for number in (3, 57):
        choose_image(number)
        changes.clear()
        qtbot.keyClick(opened, Qt.Key.Key_D)
        assert len(changes) == 1
        assert tabs.currentWidget() is find("drawTab")
        drawings.append(canvas.drawing)
        assert canvas.drawing.image[12, 12] == 50 + 100 - number
        assert canvas.drawing.image[7, 12] == canvas.drawing.image[12, 20] == 0
    assert find("undoAction", QAction).text() == "Undo image"
    for drawing in reversed(drawings[:-1]):
        tabs.setCurrentWidget(find("inspectTab"))
        engine.view.undo()
        assert canvas.drawing is drawing
        assert tabs.currentWidget() is find("drawTab")
    engine.view.redo()
    assert canvas.drawing is drawings[1]
    assert tabs.currentWidget() is find("drawTab")
    find("tabs").window().close()
    _, again = next_start()
    np.testing.assert_array_equal(again.view.value.draw.sheet(INK).image, drawings[1].image)
    assert again.view.value.tab == "drawTab"


def test_undoing_an_image_for_another_network_shows_the_network_that_takes_it(
    qtbot, window, engine, opened, find, facts, train_on_it, choose_image
):
    use_photographs(facts)
    digits = train_on_it("softmax")
    find("reinterpretPanelButton").click()  # beside which the dataset stays
    photographs = trained.train(qtbot, engine, AUTOENCODER)
    choose_image(3)
    find("sendToDrawAction", QAction).trigger()
    assert engine.view.run is digits
    assert engine.view.value.draw.sheet(INK).image is not None
    engine.view.show_run(photographs)
    engine.view.undo()
    assert engine.view.value.draw.sheet(INK).image is None
    assert engine.view.run is digits


def test_a_chosen_image_goes_to_latent_and_is_pinned(qtbot, opened, find, tabs, train_on_it):
    train_on_it("vae")
    click_first(qtbot, opened)
    qtbot.waitUntil(find("sendToLatentAction", QAction).isEnabled)
    qtbot.keyClick(opened, Qt.Key.Key_L)
    assert tabs.currentWidget() is find("latentTab")
    qtbot.waitUntil(lambda: find("clearPinsAction", QAction).isEnabled())


def test_an_image_is_placed_in_latent_whenever_it_is_sent_and_is_there_at_the_next_start(
    qtbot, engine, opened, find, tabs, train_on_it, next_start, changes, choose_image
):
    run = train_on_it("vae")
    key = engine.runs.key(run)
    means = [(100 + 50 - number) / 255 * 144 / 784 for number in (3, 57, 57)]
    pins = []
    for number, mean in zip((3, 57, 57), means, strict=True):
        choose_image(number)
        changes.clear()
        qtbot.keyClick(opened, Qt.Key.Key_L)
        assert len(changes) == 1
        pins.append((pytest.approx(mean, rel=1e-5), 1.0, 2))
        qtbot.waitUntil(lambda: len(engine.view.value.chosen(key).pins) == len(pins))
        assert engine.view.value.chosen(key).z == pins[-1][:2]
        assert engine.view.value.latent.to_place is None
        find("latentSpin0").setValue(-1.25)
    assert [*engine.view.value.chosen(key).pins] == pins
    tabs.setCurrentWidget(find("dataTab"))
    engine.view.undo()
    assert [*engine.view.value.chosen(key).pins] == pins[:-1]
    assert tabs.currentWidget() is find("latentTab")
    find("tabs").window().close()
    _, again = next_start()
    assert [*again.view.value.of_run[key].pins] == pins[:-1]


def test_an_image_that_is_encoded_late_leaves_what_the_hand_did_since(
    qtbot, engine, opened, find, tabs, train_on_it, choose_image
):
    run = train_on_it("vae")
    for number in (3, 57):
        choose_image(number)
        qtbot.keyClick(opened, Qt.Key.Key_L)
        find("latentSpin0").setValue(-number)
        wait_until_idle(engine, tabs.window())
        chosen = engine.view.value.chosen(engine.runs.key(run))
        assert chosen.z[0] == -number
        assert chosen.pins == ()
        assert engine.view.value.latent.to_place is None


def test_an_image_goes_to_a_network_that_takes_it_if_latent_shows_another(
    qtbot, window, engine, opened, find, tabs, train_on_it, dataset, facts
):
    """The Latent tab said that its network takes images of another size, and offered no way on."""
    use_photographs(facts)
    digits = train_on_it("vae")
    trained.train(qtbot, engine, AUTOENCODER)
    drop(window, dataset)
    tabs.setCurrentWidget(find("dataTab"))
    wait_for(qtbot, opened, find, "marks.npz")
    click_first(qtbot, opened)
    qtbot.waitUntil(find("sendToLatentAction", QAction).isEnabled)
    qtbot.keyClick(opened, Qt.Key.Key_L)
    assert engine.view.run is digits
    qtbot.waitUntil(lambda: find("clearPinsAction", QAction).isEnabled())
    assert not find("noticeStrip").isVisible()


def test_an_image_that_cannot_be_encoded_is_not_tried_again_until_it_is_sent_again(
    qtbot, engine, opened, find, facts, train_on_it, choose_image
):
    answer, refused = facts.value_of, []

    def refuse(request, snapshot):
        if isinstance(request, Encode):
            refused.append(request)
            raise CadlError("Not now.")
        return answer(request, snapshot)

    key = engine.runs.key(train_on_it("vae"))
    for n in (1, 2):
        choose_image(57)
        facts.value_of = refuse
        find("sendToLatentAction", QAction).trigger()
        wait_until_idle(engine, find("tabs").window())
        assert engine.view.value.latent.to_place is None
        assert len(engine.view.value.chosen(key).pins) == n - 1
        facts.value_of = answer
        choose_image(57)
        find("sendToLatentAction", QAction).trigger()
        wait_until_idle(engine, find("tabs").window())  # its whole trajectory is there
        assert len(engine.view.value.chosen(key).pins) == n
    assert len(refused) == 2


@pytest.mark.slow
def test_an_image_that_is_sent_goes_to_the_run_shown_if_that_takes_it(
    qtbot, engine, opened, find, facts, train_on_it, choose_image
):
    """The tab leapt to another run that takes it, too, at its newest weights."""
    described = facts.description

    def of_size(run_id, config, *about):
        found = described(run_id, config, *about)
        return replace(found, image_shape=(8, 6, 1)) if config.training.seed == 8 else found

    facts.description = of_size
    first = train_on_it("vae", seed=1)
    find("reinterpretPanelButton").click()  # beside which the dataset stays
    small, second, softmax = (
        trained.train(qtbot, engine, preset(name).config.replace(epochs=2, seed=seed))
        for name, seed in (("vae", 8), ("vae", 2), ("softmax", 3))
    )
    for here, shown_before, expected, stays in (
        (second, first, second, True),
        (first, second, first, True),
        (small, first, first, False),
        (softmax, first, softmax, True),
        (softmax, small, first, False),
    ):
        engine.view.show_run(shown_before)
        engine.view.show_run(here)
        engine.view.show(Position(1))
        choose_image(3)
        find("sendToLatentAction", QAction).trigger()
        wait_until_idle(engine, find("tabs").window())
        assert engine.view.run is expected
        assert engine.view.is_live != stays, "it stays at its epoch"


def test_no_image_goes_to_latent_if_the_networks_there_have_no_plane(qtbot, opened, find, train_on_it):
    """It led to the page that asks for a network with two latents, and nowhere else."""
    train_on_it("vae", latent_dim=1)
    click_first(qtbot, opened)
    qtbot.waitUntil(find("sendToInspectAction", QAction).isEnabled)
    assert not find("sendToLatentAction", QAction).isEnabled()


def test_a_chosen_image_goes_through_the_network_in_inspect(
    qtbot, engine, opened, find, tabs, train_on_it, tmp_path
):
    network, send = train_on_it(), find("sendToInspectAction", QAction)
    (tmp_path / "theirs.pb").touch()
    engine.runs.open(tmp_path / "theirs.pb", show=False)
    qtbot.waitUntil(lambda: len(engine.runs) == 2)
    click_first(qtbot, opened)
    qtbot.waitUntil(send.isEnabled)
    for run in (engine.runs[1], network):
        engine.view.show_run(run)
        assert send.isEnabled() == (run is network), "a frozen graph has no layers"
    qtbot.keyClick(opened, Qt.Key.Key_I)
    assert tabs.currentWidget() is find("inspectTab")
    combo = find("pictureSourceCombo", QComboBox)
    assert combo.currentText() == "From Data"
    assert not find("examplePicker").isVisible()


@pytest.mark.slow
def test_an_image_in_inspect_is_there_again_whatever_is_chosen_and_at_the_next_start(
    qtbot, window, engine, opened, find, tabs, facts, train_on_it, changes, next_start, choose_image
):
    use_photographs(facts)
    vae = train_on_it("vae")

    def grey(window):
        image = window.findChild(QWidget, "networkImage").images
        return None if image is None else round(255 * float(image[0, 12, 12, 0]))

    for number in (3, 57):
        choose_image(number)
        changes.clear()
        qtbot.keyClick(opened, Qt.Key.Key_I)
        assert len(changes) == 1
        assert tabs.currentWidget() is find("inspectTab")
        qtbot.waitUntil(lambda: grey(window) == 150 - number)  # noqa: B023
        for text in ("From Train", "From Data", "Test image", "From Data"):
            find("pictureSourceCombo", QComboBox).setCurrentText(text)
        qtbot.waitUntil(lambda: grey(window) == 150 - number)  # noqa: B023
        choose_image(80)
        tabs.setCurrentWidget(find("inspectTab"))
        wait_until_idle(engine, window)
        assert grey(window) == 150 - number
        photographs = trained.train(qtbot, engine, AUTOENCODER)
        wait_until_idle(engine, window)
        assert find("pictureSourceCombo", QComboBox).currentText() == "From Train", "it takes no such image"
        engine.view.show_run(vae)
        qtbot.waitUntil(lambda: grey(window) == 150 - number)  # noqa: B023
        assert find("pictureSourceCombo", QComboBox).currentText() == "From Data"
        engine.runs.remove(photographs)
    inspect = engine.view.value.inspect
    assert inspect.view == "activations"
    window.close()
    another, again = next_start()
    assert again.view.value.inspect == inspect
    assert another.findChild(QComboBox, "pictureSourceCombo").currentText() == "From Data"


def test_where_a_chosen_image_can_go_follows_the_runs_that_come_go_and_are_shown(
    qtbot, window, engine, opened, find, facts
):
    def offered():
        return {tab for tab in ("Draw", "Latent", "Inspect") if entry(window, f"sendTo{tab}").isEnabled()}

    def train(name, **changes):
        return trained.train(qtbot, engine, preset(name).config.replace(epochs=1, **changes))

    described = facts.description

    def of_size(run_id, config, *about):
        found = described(run_id, config, *about)
        return replace(found, image_shape=(8, 6, 1)) if config.training.seed == 8 else found

    facts.description = of_size
    find("reinterpretPanelButton").click()  # beside which the dataset stays
    assert offered() == set()
    click_first(qtbot, opened)
    qtbot.waitUntil(lambda: offered() == {"Draw"})
    for _ in range(2):
        small = train("vae", seed=8)
        assert offered() == set(), "it takes images of another size"
        vae = train("vae")
        assert offered() == {"Draw", "Latent", "Inspect"}
        softmax = train("softmax")
        assert offered() == {"Draw", "Latent", "Inspect"}
        engine.view.show_run(small)
        assert offered() == {"Draw", "Latent"}
        engine.runs.remove(vae)
        assert offered() == {"Draw"}
        engine.view.show_run(softmax)
        assert offered() == {"Draw", "Inspect"}
        find("tabs").setCurrentWidget(find("drawTab"))
        engine.runs.remove(softmax)
        find("tabs").setCurrentWidget(find("dataTab"))
        assert offered() == set()
        engine.runs.remove(small)
        assert offered() == {"Draw"}


def test_what_no_network_takes_is_sent_nowhere(qtbot, window, find, tabs, montage, tmp_path):
    path = tmp_path / "small.npz"
    np.savez(path, images=np.zeros((50, 4, 4, 3), np.uint8))
    drop(window, path)
    tabs.setCurrentWidget(find("dataTab"))
    wait_for(qtbot, montage, find, "small.npz")
    click_first(qtbot, montage)
    for title in ("Draw", "Latent", "Inspect"):
        assert not find(f"sendTo{title}Action", QAction).isEnabled()


def test_the_tab_shown_first_is_train(tabs, find):
    assert [tabs.tabText(i) for i in range(3)] == ["Data", "Train", "Draw"]
    assert tabs.currentWidget() is find("trainTab")


def test_a_file_that_changes_is_read_again(qtbot, opened, find, dataset):
    np.savez(dataset, images=np.zeros((30, 28, 28, 1), np.uint8), labels=np.zeros(30, int))
    opened.zoom(20, QPointF(100, 100))
    choose(find("sortCombo", QComboBox), "By brightness")
    opened.zoom(0)
    qtbot.waitUntil(lambda: "30 images" in find("datasetLine", QLabel).text())
    assert find("dataTab", QWidget).isVisible()


def test_statistics_are_there_before_an_image_is_chosen(qtbot, opened, find):
    qtbot.waitUntil(lambda: find("meanImage").images is not None)
    assert find("statisticsLabel", QLabel).text().startswith("200 images")
    assert find("meanImage").isVisible()


def test_a_click_shows_the_image_its_label_and_where_it_can_go(qtbot, opened, find):
    click_first(qtbot, opened)
    qtbot.waitUntil(lambda: find("imageView").images is not None)
    assert find("imageView").isVisible()
    assert find("imageLabel", QLabel).text() == "Label 0"
    assert find("showInDrawButton", QPushButton).isEnabled()
    assert not find("showInInspectButton", QPushButton).isEnabled(), "no run is shown"
    qtbot.mouseClick(find("showInDrawButton", QPushButton), Qt.MouseButton.LeftButton)
    assert find("drawTab").isVisible()


def test_another_dataset_empties_the_panels(qtbot, window, find, tabs, opened, tmp_path):
    click_first(qtbot, opened)
    qtbot.waitUntil(lambda: find("imageView").images is not None)
    path = tmp_path / "other.npz"
    np.savez(path, images=np.zeros((30, 4, 4, 1), np.uint8))
    drop(window, path)
    tabs.setCurrentWidget(find("dataTab"))
    qtbot.waitUntil(lambda: "other.npz" in find("datasetLine", QLabel).text())
    assert find("imageView").images is None


def test_near_duplicates_are_found_and_lead_to_their_image(qtbot, opened, find):
    """The images go from dark to bright and back: each bright one is there twice."""
    qtbot.mouseClick(find("duplicatesPanelButton", QPushButton), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(find("findDuplicatesButton", QPushButton), Qt.MouseButton.LeftButton)
    pairs = find("duplicatePairs")
    qtbot.waitUntil(pairs.isVisible)
    assert "look the same" in find("duplicatesLabel", QLabel).text()
    place = next(
        QPoint(x, y)
        for y in range(8, pairs.height(), 8)
        for x in range(8, pairs.width(), 8)
        if reported_at(pairs, QPoint(x, y))
    )
    qtbot.mouseClick(pairs, Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: opened.chosen is not None and find("imageView").images is not None)


def test_a_search_for_duplicates_can_be_cancelled(qtbot, opened, find):
    qtbot.mouseClick(find("duplicatesPanelButton", QPushButton), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(find("findDuplicatesButton", QPushButton), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(find("cancelDuplicatesButton", QPushButton), Qt.MouseButton.LeftButton)
    assert find("findDuplicatesButton", QPushButton).isVisible()
