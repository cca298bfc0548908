"""Data shows the dataset of the run shown or the one opened last, whichever the user asked for last."""

import numpy as np
import pytest
from hand import drop
from next_settings import set_next
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QTabWidget
from trained import train

from cadl_gui.domain.presets import preset
from cadl_gui.ui.data.shown_dataset import ShownDataset

pytestmark = pytest.mark.gui
PAGES = "seen"

VAE = preset("vae").config.replace(epochs=1, batch_size=2)


@pytest.fixture
def paths(tmp_path):
    """Files of 30 images of 6×5, and of 26 of 8×7."""
    paths = {"first": tmp_path / "first.npz", "second": tmp_path / "second.npz"}
    for path, n, shape in ((paths["first"], 30, (6, 5, 1)), (paths["second"], 26, (8, 7, 1))):
        np.savez(path, images=np.zeros((n, *shape), np.uint8), labels=np.arange(n) % 2)
    return paths


@pytest.fixture
def shows(qtbot, window, find):
    """Waits until Data tells of a dataset, and of the run that splits it."""

    def shows(name, letter=""):
        line, split = find("datasetLine", QLabel), f" · split as in {letter}"
        qtbot.waitUntil(
            lambda: line.text().startswith(name) and line.text().endswith(split if letter else "test")
        )
        assert letter or "split as in" not in line.text()
        return True

    return shows


@pytest.fixture
def opened(qtbot, window, find, engine, paths, shows):
    """Both datasets were opened, the second one last, and a run was trained on each."""
    find("tabs", QTabWidget).setCurrentWidget(find("dataTab"))
    for name, path in paths.items():
        assert drop(window, path)
        assert shows(f"{name}.npz")
    return [train(qtbot, engine, VAE.replace(dataset=str(path))) for path in paths.values()]


def turn_to(find, name):
    QTest.mouseClick(find(f"{name}PanelButton"), Qt.MouseButton.LeftButton)


def test_each_run_brings_its_dataset_and_what_is_opened_stays_until_another_run_is_shown(
    qtbot, window, find, engine, opened, paths, shows
):
    first, second = opened
    assert shows("second.npz", "B")
    for run, name in ((first, "first"), (second, "second"), (first, "first")):
        engine.view.show_run(run)
        assert shows(f"{name}.npz", run.letter)
        set_next(engine, dataset=str(paths["second"]), seed="9")
        assert shows(f"{name}.npz", run.letter), "the next run has its own"
    for _ in range(2):
        assert drop(window, paths["second"])
        assert shows("second.npz")
        engine.view.show_run(first)
        assert shows("second.npz"), "it is shown already"
        engine.view.show_run(second)
        assert shows("second.npz", "B")
        engine.view.show_run(first)
        assert shows("first.npz", "A")
    find("tabs", QTabWidget).setCurrentWidget(find("drawTab"))
    engine.view.show_run(second)
    engine.runs.remove(second)
    find("tabs", QTabWidget).setCurrentWidget(find("dataTab"))
    assert shows("first.npz", "A")
    engine.runs.remove(first)
    assert shows("second.npz"), "that of the next run"
    engine.runs.restore_removed()
    assert shows("first.npz", "A")


def test_data_shows_the_same_dataset_at_the_next_start(
    qtbot, window, find, engine, next_start, tmp_path, paths, shows
):
    """One that was opened gave way to that of the run shown."""
    for name in ("a.keras", "b.keras"):
        (tmp_path / name).touch()
        engine.runs.open(tmp_path / name)
    qtbot.waitUntil(lambda: len(engine.runs) == 2)
    find("tabs", QTabWidget).setCurrentWidget(find("dataTab"))
    engine.view.change(run="")  # any, as at the first start
    assert drop(window, paths["second"])
    assert shows("second.npz")
    engine.view.stay()
    assert engine.view.value.run == engine.runs.key(engine.view.run)
    assert shows("second.npz"), "the run in use is wished now, and it was shown before"
    for is_opened in (True, True, False, False):
        if not is_opened:
            engine.view.show_run(engine.runs[0])
        window.close()
        window, engine = next_start()
        qtbot.waitUntil(lambda engine=engine: len(engine.runs) == 2 and engine.view.run is not None)
        shown = window.findChild(ShownDataset)
        qtbot.waitUntil(lambda shown=shown: shown.dataset is not None)
        assert (shown.run, shown.dataset.config.dataset == str(paths["second"])) == (
            (None, True) if is_opened else (engine.view.run, False)
        )


def test_beside_the_networks_view_a_dataset_stays_unless_its_run_is_removed(
    qtbot, window, find, engine, opened, paths, shows
):
    """“split as in A” stayed after A was removed, and sorting by its error asked a run that was gone."""
    first, second = opened
    for kept, other in ((second, first), (first, second)):
        names = {first: "first.npz", second: "second.npz"}
        engine.view.show_run(kept)
        assert shows(names[kept], kept.letter)
        turn_to(find, "reinterpret")
        for run in (other, kept, other):
            engine.view.show_run(run)
            assert shows(names[kept], kept.letter)
        turn_to(find, "image")
        assert shows(names[other], other.letter), "the page is left"
    turn_to(find, "reinterpret")
    engine.view.show_run(first)
    assert shows("second.npz", "B")
    engine.runs.remove(second)
    third = train(qtbot, engine, VAE.replace(dataset=str(paths["first"]), seed=9))
    assert shows("first.npz", "C")
    engine.view.show_run(first)
    assert shows("first.npz", "C")
    engine.runs.remove(third)
    engine.view.show_run(train(qtbot, engine, VAE.replace(dataset=str(paths["second"]))))
    assert shows("second.npz", "D")
