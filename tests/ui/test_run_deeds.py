"""What can be done with runs and their files: continue, copy settings, remove and undo, drop, recent."""

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu

from cadl_gui.core.position import Position
from cadl_gui.core.presets import preset
from cadl_gui.engine.engine import Engine, EngineState
from cadl_gui.engine.pace import PACES
from cadl_gui.engine.run import RunState

pytestmark = pytest.mark.gui

CONFIGURATION = preset("lecture-autoencoder").configuration.replace(epochs=3)


@pytest.fixture
def engine(backends, tmp_path):
    """Runs lie in folders here, so that they can go on."""
    training, inference = backends
    engine = Engine(lambda: training, lambda: inference, runs_folder=tmp_path / "runs")
    yield engine
    assert engine.shut_down(5000)


def stopped(qtbot, engine):
    """A run that was stopped; the fake backend writes nothing, so its folder is made here."""
    engine.set_pace(PACES[0])
    engine.train(CONFIGURATION, paused=True)
    qtbot.waitUntil(lambda: engine.state is EngineState.PAUSED)
    run = engine.runs[-1]
    run.description.source.mkdir(parents=True)
    engine.stop()
    qtbot.waitUntil(lambda: engine.state is EngineState.IDLE)
    return run


def test_a_stopped_run_goes_on_in_its_own_place_of_the_list(qtbot, window, engine, backends):
    run = stopped(qtbot, engine)
    assert run.state is RunState.STOPPED
    engine.set_pace(PACES[-1])
    action = window._actions["continue"]
    qtbot.waitUntil(action.isEnabled)
    action.trigger()
    qtbot.waitUntil(lambda: run.state is RunState.COMPLETE)
    assert engine.runs == (run,)
    assert backends[0].requests[-1].resume
    assert run.newest == Position(3)
    assert [record.epoch for record in run.history.epochs] == [0, 1, 2, 3]
    qtbot.waitUntil(lambda: not action.isEnabled())


def test_the_settings_of_a_run_are_copied_to_the_form(qtbot, window, find, engine):
    engine.train(CONFIGURATION.replace(seed=77))
    qtbot.waitUntil(lambda: engine.state is EngineState.IDLE)
    window._actions["copy_settings"].trigger()
    assert find("seedSpin").value() == 77
    assert window._train_tab.form.configuration() == CONFIGURATION.replace(seed=77)


def test_removing_a_run_can_be_undone(qtbot, window, find, engine, backends):
    engine.train(CONFIGURATION)
    qtbot.waitUntil(lambda: engine.state is EngineState.IDLE)
    (run,) = engine.runs
    window._actions["remove"].trigger()
    assert engine.runs == ()
    assert engine.view.run is None
    assert "off the list" in find("noticeStrip").sentence()
    find("noticeAction").click()
    assert engine.runs == (run,)
    assert engine.view.run is run
    assert run.run_id in backends[1].descriptions
    assert find("noticeStrip").sentence() == ""


def test_a_run_is_forgotten_when_the_next_one_is_removed(qtbot, window, engine, backends):
    for n in (1, 2):
        engine.train(CONFIGURATION)
        qtbot.waitUntil(lambda n=n: engine.state is EngineState.IDLE and len(engine.runs) == n)
    first, second = engine.runs
    engine.remove(first)
    engine.remove(second)
    qtbot.waitUntil(lambda: first.run_id not in backends[1].descriptions)
    engine.restore_removed()
    assert engine.runs == (second,)


def test_a_checkpoint_dropped_on_the_window_is_opened_and_remembered(qtbot, window, engine, tmp_path):
    path = tmp_path / "dropped.keras"
    path.touch()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)), QUrl.fromLocalFile(str(tmp_path / "notes.txt"))])
    assert window._files.dropped(data) == [path]
    window._files.drop(data)
    qtbot.waitUntil(lambda: len(engine.runs) == 1)
    assert engine.runs[0].description.source == path
    menu = QMenu()
    window._files.fill_recent(menu)
    assert [action.text() for action in menu.actions()] == ["dropped.keras"]
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: len(engine.runs) == 2)


def test_files_that_are_gone_are_not_offered(window, tmp_path):
    window._settings.add_recent(str(tmp_path / "gone.keras"))
    menu = QMenu()
    window._files.fill_recent(menu)
    assert not menu.actions()[0].isEnabled()


def test_the_files_of_a_run_are_shown_in_the_file_manager(qtbot, window, engine, monkeypatch):
    run = stopped(qtbot, engine)
    shown = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    qtbot.waitUntil(window._actions["reveal"].isEnabled)
    window._actions["reveal"].trigger()
    assert shown == [str(run.description.source)]
