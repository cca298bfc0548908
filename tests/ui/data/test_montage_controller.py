"""The order of a dataset's images: of those that pass the filter, by the errors of the weights shown now."""

import numpy as np
import pytest
from asking import watch
from idle import wait_until_idle
from PySide6.QtWidgets import QWidget
from trained import train

from cadl_gui.domain.dataset_requests import DatasetRef, ImageSelection
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import ComputeErrors
from cadl_gui.ui.data.dataset_montage import DatasetMontage
from cadl_gui.ui.data.montage_controller import MontageController

pytestmark = pytest.mark.gui

N = 60
LABELS = np.arange(N) * 7 % 3
CONFIG = preset("lecture-autoencoder").config.replace(epochs=2)


@pytest.fixture
def page(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(300, 300)
    return page


@pytest.fixture
def dataset(tmp_path):
    """Sixty images in three classes."""
    images = (np.arange(N, dtype=np.uint8) * 37 % 101)[:, None, None, None] + np.zeros((1, 6, 9, 1), np.uint8)
    np.savez(tmp_path / "few.npz", images=images, labels=LABELS)
    return DatasetRef.of(CONFIG.replace(dataset=str(tmp_path / "few.npz")))


@pytest.fixture
def runs(qtbot, engine, facts):
    """Two runs; the second errs most where the first errs least, and each at epoch 1 where not at epoch 2."""

    def value_of(request, snapshot, answer=facts.value_of):
        if not isinstance(request, ComputeErrors):
            return answer(request, snapshot)
        sign = 1 if snapshot.position == Position(2) else -1
        return np.float32(
            50 + sign * (request.numbers * 23 % 61) / 2 * (1 if request.run_id == first else -1)
        )

    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    runs = [train(qtbot, engine, CONFIG) for _ in range(2)]
    first, facts.value_of = runs[0].run_id, value_of
    return runs


@pytest.fixture
def shown(qtbot, engine, theme, page, dataset, runs):
    """The controller with its dataset, and the order of the images on the montage once nothing is due."""
    montage = DatasetMontage(theme, empty_text="")
    montage.setParent(page)
    montage.resize(300, 300)
    page.show()
    controller = MontageController(engine, montage, page)
    controller.show_dataset(dataset, is_asked_for=True, run=runs[0])

    def order():
        wait_until_idle(engine, page)
        grid = montage.grid
        return None if grid is None else grid.cells[grid.cells >= 0].tolist()

    return controller, order


def by_error(numbers, *, most_first):
    """Images in the order of the first run's errors at epoch 2, the largest first or last."""
    return sorted(numbers, key=lambda number: (-1 if most_first else 1) * (number * 23 % 61))


def test_images_that_pass_the_filter_are_sorted_by_the_errors_of_the_run_and_weights_shown(
    engine, runs, shown
):
    (first, second), (controller, order) = runs, shown
    assert order() == [*range(N)]
    engine.view.show_run(first)
    for label, run, at, is_most in (
        (1, first, None, True), (2, first, 1, False), (None, second, 1, True), (0, second, None, False),
        (None, first, None, True),
    ):  # fmt: skip
        engine.view.show_run(run)
        if at is not None:
            engine.view.show(Position(at))
        controller.set_run(run)
        controller.select(ImageSelection("error", label))
        controller.sort_again()
        numbers = range(N) if label is None else np.flatnonzero(label == LABELS).tolist()
        assert order() == by_error(numbers, most_first=is_most)
        sign = 1 if (run is first) == (at is None) else -1
        errors = 50 + sign * (np.arange(N) * 23 % 61) / 2
        for number in (numbers[0], numbers[-2]):
            said = f"error {errors[number] / errors.mean():.1f} × the average of all images"
            assert controller.error_text(number) == ("" if label is not None else said)
        assert controller.error_text(N) == ""
        controller.select(ImageSelection("number", label))
        assert order() == [*numbers]
        assert controller.error_text(numbers[0]) == "", "of the order before"
    controller.select(ImageSelection("error", part=2))
    numbers = order()
    assert 1 < len(numbers) < N
    error = errors[numbers[0]] / errors[numbers].mean()
    assert controller.error_text(numbers[0]) == f"error {error:.1f} × the average of test images"


def test_no_image_can_be_clicked_until_the_errors_are_known(engine, runs, shown, page, monkeypatch):
    """The first one was clicked, and then another one stood under the pointer."""
    (controller, order), montage, told = shown, page.findChild(DatasetMontage), []

    def note(ticket):
        if isinstance(ticket.request, ComputeErrors):
            told.append((montage.grid, montage.accessibleDescription()))

    watch(engine, monkeypatch, note)
    for predicted, what in (
        (None, "Finding the strangest"),
        (1, "The network looks for these"),
        (None, "Fi"),
    ):
        assert order() is not None
        controller.select(ImageSelection("error", 1, predicted=predicted))
        wait_until_idle(engine, page)
        grid, words = told.pop()
        assert grid is None
        assert words.startswith(what)
        assert words.endswith(" images… 0 %")
        controller.select(ImageSelection())


def test_errors_that_come_late_change_no_order_that_was_chosen_meanwhile(engine, runs, shown):
    controller, order = shown
    engine.view.show_run(runs[0])
    told = []
    controller.counted.connect(told.append)
    for label, before in ((None, 1), (2, None), (None, 2)):
        numbers = range(N) if label is None else np.flatnonzero(label == LABELS).tolist()
        controller.select(ImageSelection("error", before))
        controller.select(ImageSelection("number", label))
        assert order() == [*numbers]
        assert told[-1] == ("" if label is None else "20 of 60")


def test_while_the_page_is_hidden_nothing_is_asked_and_then_all_of_it(page, shown):
    controller, order = shown
    expected, montage = order(), page.findChild(DatasetMontage)
    controller.ordered.connect(page.hide)
    for label in (1, 2):
        page.hide()
        controller.select(ImageSelection("number", label))
        assert order() == expected
        page.show()  # until the order is there, and before the tiles
        expected = np.flatnonzero(label == LABELS).tolist()
        assert order() == expected
        assert montage.missing_tiles()
        page.show()
        assert order() == expected
        assert not montage.missing_tiles()


def test_a_dataset_whose_files_change_is_read_again_each_time_but_not_for_ever(engine, page, shown):
    controller, order = shown
    assert order() == [*range(N)]
    described = []
    controller.described.connect(described.append)
    for n in (1, 2, 3):
        controller.open_again("Its files have changed.")
        assert order() == [*range(N)]
        assert len(described) == n
    for _ in range(2):  # two requests may fail for one change
        controller.open_again("Its files have changed.")
    assert order() == [*range(N)]
    montage = page.findChild(DatasetMontage)
    montage.tiles_wanted.connect(lambda: controller.open_again("Its files have changed again."))
    controller.open_again("Its files have changed.")
    assert order() is None
