"""Form, Data, *Use these settings*, Race and the branch dialog have one next run between them."""

import threading

import numpy as np
import pytest
from hand import choose_preset, drop
from idle import wait_until_idle
from menus import entry
from next_settings import next_config, set_next
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QTabWidget
from shown_view import store_view
from trained import train

from cadl_gui.datasets.dataset_service import DatasetService
from cadl_gui.domain.branching import branched
from cadl_gui.domain.dataset_requests import DatasetRef, DescribeDataset
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.ui.window.branch_dialog import BranchDialog

pytestmark = pytest.mark.gui

VAE = preset("vae").config.replace(epochs=3, seed=5)


@pytest.fixture
def datasets(tmp_path):
    """Two files of images: 30 of 6×5, and 26 of 8×7 in colour."""
    first, second = tmp_path / "first.npz", tmp_path / "second.npz"
    np.savez(first, images=np.zeros((30, 6, 5, 1), np.uint8), labels=np.arange(30) % 3)
    np.savez(second, images=np.zeros((26, 8, 7, 3), np.uint8), labels=np.arange(26) % 2)
    return {first: "30 images of 6×5, 3 classes", second: "26 images of 8×7 in colour, 2 classes"}


@pytest.fixture
def show(find):
    return lambda tab: find("tabs", QTabWidget).setCurrentWidget(find(tab))


def test_a_dataset_dropped_on_data_is_the_next_runs_and_the_form_shows_it(
    qtbot, window, find, engine, datasets, show
):
    choose_preset(window, "vae")
    for path, summary in (*datasets.items(), *datasets.items()):
        show("dataTab")
        assert drop(window, path)
        qtbot.waitUntil(lambda path=path: engine.view.value.next["dataset"] == str(path))
        qtbot.waitUntil(lambda path=path: find("datasetLine", QLabel).text().startswith(path.name))
        assert next_config(engine) == preset("vae").config.replace(dataset=str(path), batch_size=2)
        show("trainTab")
        assert find("datasetCombo").dataset == str(path)
        assert find("batchSizeSpin").value() == 2
        assert find("roomLine", QLabel).text().startswith(summary)
    assert find("datasetCombo").findText("first.npz") >= 0, "it is offered again"
    find("datasetCombo").setCurrentText("first.npz")
    first = str(next(iter(datasets)))
    qtbot.waitUntil(lambda: engine.view.value.next["dataset"] == first)
    show("dataTab")
    qtbot.waitUntil(lambda: find("datasetLine", QLabel).text().startswith("first.npz"))


def test_settings_of_a_run_what_is_typed_and_a_branch_are_values_of_their_own(
    qtbot, window, find, engine, show
):
    run = train(qtbot, engine, VAE)
    for edited in ("7", "8"):
        set_next(engine, preset("softmax").config)
        show("dataTab")
        entry(window, "duplicate").trigger()
        assert engine.view.value.next == NextRun.of(VAE)
        assert find("trainTab").form.next == NextRun.of(VAE)
        find("seedSpin").lineEdit().selectAll()
        QTest.keyClicks(find("seedSpin"), edited)
        assert next_config(engine) == VAE.replace(seed=int(edited))
        engine.view.show(Position(2))
        entry(window, "branch").trigger()
        dialog = window.findChild(BranchDialog)
        assert dialog.form.next == NextRun.of(branched(VAE, 2))
        epochs = dialog.findChild(object, "epochsSpin")
        epochs.lineEdit().selectAll()
        QTest.keyClicks(epochs, "9")
        assert dialog.form.checked.trainable == VAE.replace(epochs=9)
        assert next_config(engine) == VAE.replace(seed=int(edited)), "a branch is another value"
        with qtbot.waitSignal(dialog.destroyed):
            dialog.reject()
    entry(window, "race").trigger()
    what = find("raceDialog").findChild(object, "raceWhatCombo")
    assert [what.itemText(i) for i in range(2)] == ["vae (new run)", f"{run.letter} vae (run shown)"]


def test_only_a_learning_rate_that_is_typed_is_that_of_the_training_too(qtbot, window, find, engine):
    engine.training.train(VAE.replace(epochs=500), paused=True)
    qtbot.waitUntil(lambda: engine.training.run is not None)
    before = engine.training.learning_rate
    choose_preset(window, "softmax")
    set_next(engine, learning_rate="0.5")
    assert engine.training.learning_rate == before != 0.005
    for rate in ("0.25", "0.125"):
        find("learningRateSpin").lineEdit().selectAll()
        QTest.keyClicks(find("learningRateSpin"), rate)
        assert engine.training.learning_rate == float(rate)
    engine.training.stop()


def test_what_is_edited_while_the_dataset_is_looked_for_is_the_next_runs(
    qtbot, window, find, engine, backends, datasets
):
    set_next(engine, VAE.replace(dataset=str(next(iter(datasets))), batch_size=2))
    for n, epochs in enumerate(("3", "4"), 1):
        find("trainButton").click()
        assert len(backends[0].requests) == n - 1, "it is looked for"
        set_next(engine, epochs=str(int(epochs) + 1))
        qtbot.waitUntil(lambda n=n: len(backends[0].requests) == n)
        assert backends[0].requests[-1].config.training.epochs == int(epochs)
        qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)


@pytest.fixture
def may_read():
    return threading.Event()


@pytest.fixture
def dataset_service(may_read):
    """Reads a dataset named “held” once it may."""

    class Held(DatasetService):
        def respond_in_parts(self, request):
            if "held" in request.dataset.config.dataset:
                assert may_read.wait(60)
            return (yield from super().respond_in_parts(request))

    return Held


def test_a_dataset_that_is_read_later_than_the_one_opened_last_changes_nothing(
    qtbot, window, find, engine, may_read, tmp_path, datasets
):
    np.savez(tmp_path / "held.npz", images=np.zeros((30, 6, 5, 1), np.uint8))
    assert drop(window, tmp_path / "held.npz")
    qtbot.waitUntil(lambda: window.statusBar().currentMessage() == "Reading “held.npz”…")
    menu = find("openSourceButton", QPushButton).menu()
    next(action for action in menu.actions() if action.data() == "mnist").trigger()
    qtbot.waitUntil(lambda: engine.opened_datasets.n_opened == 1)
    may_read.set()
    heard, client = [], InferenceClient(engine.datasets, window)
    config = VAE.replace(dataset=str(next(iter(datasets))))
    client.ask(DescribeDataset(DatasetRef.of(config), is_asked_for=True), lambda *_: heard.append(1))
    qtbot.waitUntil(lambda: bool(heard) and engine.jobs.is_idle)
    assert (engine.view.value.next["dataset"], engine.opened_datasets.n_opened) == ("mnist", 1)


def test_a_dataset_chosen_in_the_form_while_another_is_read_stays(
    qtbot, window, find, engine, may_read, tmp_path, datasets, show
):
    """The one that had been dropped took its place as soon as it was read."""
    assert drop(window, next(iter(datasets)))
    qtbot.waitUntil(lambda: engine.opened_datasets.n_opened == 1)
    np.savez(tmp_path / "held.npz", images=np.zeros((30, 6, 5, 1), np.uint8))
    assert drop(window, tmp_path / "held.npz")
    qtbot.waitUntil(lambda: window.statusBar().currentMessage() == "Reading “held.npz”…")
    show("trainTab")
    find("datasetCombo").setCurrentText("MNIST")
    assert engine.view.value.next["dataset"] == "mnist"
    may_read.set()
    qtbot.waitUntil(lambda: window.statusBar().currentMessage() == "")
    wait_until_idle(engine, window)
    assert (engine.view.value.next["dataset"], engine.opened_datasets.n_opened) == ("mnist", 2)


@pytest.fixture
def foreign(tmp_path, datasets):
    """A stored view, perhaps of another machine, names a dataset that lies here by chance."""
    path = next(iter(datasets))
    store_view(tmp_path, next=NextRun.of(preset("softmax").config).replace(dataset=str(path)))
    return path


def test_a_path_in_a_stored_view_is_not_touched_before_the_user_asks(
    foreign, qtbot, window, find, engine, show
):
    assert find("datasetCombo").dataset == str(foreign)
    assert find("roomLine", QLabel).text() == ""
    assert str(foreign) not in engine.opened_datasets
    show("dataTab")
    montage = find("datasetMontage")
    qtbot.waitUntil(lambda: "not looked up unless you ask" in montage.accessibleDescription())
    qtbot.waitUntil(find("openNamedButton").isVisible)
    find("openNamedButton").click()
    qtbot.waitUntil(lambda: find("datasetLine", QLabel).text().startswith("first.npz · 30 images"))
    assert str(foreign) in engine.opened_datasets


@pytest.fixture
def gpu(processor, backends):
    """A GPU trains, beside a processor that computes no bfloat16."""
    processor("avx avx2")
    backends[0].start_device = lambda _: "GPU"


def test_a_gpu_offers_bfloat16_once_it_is_known_to_the_form_and_for_the_next_run(gpu, window, find, engine):
    bfloat16 = VAE.replace(precision="bfloat16")
    set_next(engine, bfloat16)
    assert next_config(engine) == find("trainTab").form.checked.trainable == bfloat16


def test_what_a_dataset_lacks_now_is_said_beside_train_when_it_is_opened_again(
    qtbot, window, find, engine, show, tmp_path
):
    path, note = tmp_path / "shrinking.npz", find("formNote")
    for n, error in (
        (26, ""),
        (12, "The dataset has 10 images to train with: use a batch size of at most 10"),
    ):
        np.savez(path, images=np.zeros((n, 6, 5, 1), np.uint8), labels=np.arange(n) % 3)
        n_opened = engine.opened_datasets.n_opened
        assert drop(window, path)
        qtbot.waitUntil(lambda before=n_opened: engine.opened_datasets.n_opened > before)
        set_next(engine, batch_size="20")
        show("trainTab")
        qtbot.waitUntil(lambda error=error: note.text().partition(" (")[0] == error)
