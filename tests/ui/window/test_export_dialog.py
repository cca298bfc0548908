"""File → Export…: format, path, progress, and verification."""

import dataclasses
import threading

import pytest
from menus import entry
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QProgressBar, QPushButton
from trained import train

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.exports import EXPORTS, FORMATS
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset

pytestmark = pytest.mark.gui
PAGES = "seen"

AUTOENCODER, SOFTMAX = (
    preset(name).config.replace(epochs=3) for name in ("lecture-autoencoder", "lecture-softmax")
)


@pytest.fixture
def places(file_dialogs):
    """Answers the file dialog; returns what it proposed."""

    def answer(path):
        file_dialogs.answer(path)
        return file_dialogs.asked

    return answer


@pytest.fixture
def opened(qtbot, window, engine, find):
    """Trains a configuration and opens the dialog; finds its widgets by name."""

    def opened(config=AUTOENCODER, position=None):
        train(qtbot, engine, config)
        if position is not None:
            engine.view.show(position)
        qtbot.waitUntil(entry(window, "export").isEnabled)
        entry(window, "export").trigger()
        find("exportDialog", QDialog)
        return find

    return opened


def reported(find):
    return find("exportMessage", QLabel).text()


def choose(find, name):
    combo = find("exportFormatCombo", QComboBox)
    combo.setCurrentIndex(list(EXPORTS).index(name))


def test_export_needs_a_run(window):
    assert not entry(window, "export").isEnabled()


def test_each_format_says_whether_it_opens_here_again_and_offers_what_the_network_can(opened):
    find = opened()
    about, functions = find("exportDescription", QLabel), find("exportFunctionCombo", QComboBox)
    told = {}
    for name in FORMATS:
        choose(find, name)
        told[name] = (
            "CADL can reopen it" in about.text(),
            [functions.itemData(i) for i in range(functions.count())],
        )
    assert told == {
        "savedmodel": (False, ["", "reconstruct", "encode", "decode"]),
        "pb": (True, ["reconstruct", "encode", "decode"]),
        "onnx": (False, ["reconstruct", "encode", "decode"]),
    }


def test_a_run_is_exported_twice_and_what_was_compared_is_reported(
    qtbot, opened, places, opened_folders, tmp_path
):
    find = opened()
    assert not find("exportShowButton").isVisible()
    for name, function in (("onnx", "reconstruct"), ("savedmodel", "")):
        path = tmp_path / f"mine{FORMATS[name].suffix}"
        asked = places(tmp_path / "mine")
        choose(find, name)
        find("exportStartButton", QPushButton).click()
        qtbot.waitUntil(lambda path=path: f"Saved {path.name}" in reported(find))
        assert reported(find) == (
            f"Saved {path.name}. Loaded back by onnxruntime 1.0 and compared on 100 images: "
            "largest difference 1.0e-07."
        )
        assert path.read_text() == f"{name} {function} epoch 3"
        find("exportShowButton", QPushButton).click()
        assert asked[-1].place.endswith(f"lecture-autoencoder{FORMATS[name].suffix}")
        assert find("exportStartButton").isEnabled()
    assert opened_folders == [str(tmp_path)] * 2


def test_the_position_that_is_shown_is_exported(qtbot, opened, places, tmp_path):
    find = opened(position=Position(2))
    places(tmp_path / "x.onnx")
    choose(find, "onnx")
    find("exportStartButton", QPushButton).click()
    exported = tmp_path / "x.onnx"
    qtbot.waitUntil(lambda: exported.exists() and exported.read_text() == "onnx reconstruct epoch 2")


def test_a_failure_is_a_message_and_can_be_tried_again(qtbot, opened, places, tmp_path):
    find = opened()
    places(tmp_path / "bad")
    find("exportStartButton", QPushButton).click()
    qtbot.waitUntil(lambda: "cannot be written" in reported(find))
    assert find("exportMessage").property("invalid")
    places(tmp_path / "good")
    find("exportStartButton", QPushButton).click()
    qtbot.waitUntil(lambda: "Saved good" in reported(find))
    assert not find("exportMessage").property("invalid")


def test_export_of_a_bent_run_is_refused_with_a_message(qtbot, opened, engine, places, tmp_path):
    """Files contain trained networks; after the bends are reset, it is exported."""
    find = opened()
    run = engine.view.run
    engine.bending.bend(run.run_id, scaled((), Part("encoder_1", 3), 0.0))
    places(tmp_path / "x")
    find("exportStartButton", QPushButton).click()
    assert reported(find).startswith("A lecture-autoencoder is modified; undo all changes before saving")
    assert find("exportMessage").property("invalid")
    assert not engine.exporting.is_busy
    assert not list(tmp_path.glob("x*"))
    engine.bending.bend(run.run_id, ())
    find("exportStartButton", QPushButton).click()
    qtbot.waitUntil(lambda: "Saved " in reported(find))


def test_an_export_is_cancelled_while_the_window_goes_on(qtbot, opened, engine, places, tmp_path):
    find = opened()
    places(tmp_path / "slow")
    find("exportStartButton", QPushButton).click()
    qtbot.waitUntil(lambda: "Waiting" in reported(find))
    assert find("exportDialogProgress", QProgressBar).isVisible()
    assert not find("exportStartButton").isEnabled()
    train(qtbot, engine, SOFTMAX)
    find("exportCloseButton", QPushButton).click()
    qtbot.waitUntil(lambda: "Cancelled" in reported(find))
    assert find("exportStartButton").isEnabled()
    assert not list(tmp_path.glob("slow*"))


def test_closing_the_dialog_cancels(qtbot, opened, engine, places, tmp_path):
    find = opened()
    places(tmp_path / "slow")
    find("exportStartButton", QPushButton).click()
    qtbot.waitUntil(lambda: "Waiting" in reported(find))
    with qtbot.waitSignal(engine.exporting.cancelled):
        find("exportDialog", QDialog).reject()
    assert not engine.exporting.is_busy


def test_a_dialog_that_follows_at_once_waits_for_the_end_of_the_cancelled_export(
    qtbot, opened, window, engine, backends, places, monkeypatch, tmp_path
):
    """It offered to export, and then said of that export what became of the first."""
    in_stage, go_on, usual = threading.Event(), threading.Event(), backends[0].export

    def export(request):
        in_stage.set()
        assert go_on.wait(60)
        return usual(request)

    monkeypatch.setattr(backends[0], "export", export)
    find = opened()
    places(tmp_path / "first.onnx")
    choose(find, "onnx")
    find("exportStartButton", QPushButton).click()
    qtbot.waitUntil(in_stage.is_set)
    qtbot.keyClick(find("exportDialog"), Qt.Key.Key_Escape)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    entry(window, "export").trigger()
    assert not find("exportStartButton").isEnabled()
    assert reported(find) == "Cancelling the previous export…"
    go_on.set()
    qtbot.waitUntil(lambda: find("exportStartButton").isEnabled())
    assert reported(find) == "Cancelled. Nothing was exported."
    assert not (tmp_path / "first.onnx").exists()


def test_no_place_no_export(opened, engine, places):
    find = opened()
    places("")
    find("exportStartButton", QPushButton).click()
    assert not engine.exporting.is_busy
    assert reported(find) == ""


def test_second_export_dialog_is_not_opened(opened, window):
    opened()
    entry(window, "export").trigger()
    assert len(window.findChildren(QDialog, "exportDialog")) == 1


def headings(window):
    """What the dialogs that are open would export."""
    dialogs = [dialog for dialog in window.findChildren(QDialog, "exportDialog") if dialog.isVisible()]
    texts = [label.text() for dialog in dialogs for label in dialog.findChildren(QLabel)]
    return [text for text in texts if "·" in text]


def test_another_epoch_that_is_shown_is_exported_by_the_action(opened, window, engine):
    """The dialog that was open for the epoch before was raised, and exported that one."""
    opened(position=Position(2))
    engine.view.show(Position(1))
    entry(window, "export").trigger()
    assert headings(window) == ["A lecture-autoencoder · epoch 1"]


def test_the_newest_weights_are_named_while_they_are_trained(qtbot, window, engine):
    """It exported the newest ones, and went on naming those of when it was opened."""
    engine.training.train(AUTOENCODER, paused=True)
    qtbot.waitUntil(entry(window, "export").isEnabled)
    entry(window, "export").trigger()
    assert headings(window) == ["A lecture-autoencoder · untrained"]
    engine.training.resume()
    qtbot.waitUntil(lambda: headings(window) == ["A lecture-autoencoder · epoch 3"])


def test_export_dialog_goes_with_the_run(opened, window):
    """It stayed, to say “This run is not open” after the question for a path."""
    opened()
    entry(window, "remove").trigger()
    assert headings(window) == []


def test_a_log_for_tensorboard_has_all_recorded_epochs(qtbot, opened, places, opened_folders, tmp_path):
    find = opened(position=Position(2))
    asked = places(tmp_path / "log")
    choose(find, "tensorboard")
    assert find("exportEpochsCombo").isVisible()
    assert not find("exportFunctionCombo").isVisible()
    assert "pip install tensorboard" in find("exportDescription", QLabel).text()
    find("exportStartButton", QPushButton).click()
    qtbot.waitUntil(lambda: "Saved " in reported(find))
    # The fake run is in memory only, so its weights are fetched.
    assert (tmp_path / "log").read_text() == "[0, 1, 2, 3] [0, 1, 2, 3] [0, 1, 2, 3]"
    assert reported(find) == (f'Saved log. 4 epochs: tensorboard --logdir "{tmp_path / "log"}" shows them.')
    assert [dialog.title for dialog in asked] == ["Export as TensorBoard"]
    find("exportShowButton", QPushButton).click()
    assert opened_folders == [str(tmp_path)]


def test_a_log_can_have_one_epoch(qtbot, opened, places, tmp_path):
    find = opened()
    places(tmp_path / "log")
    choose(find, "tensorboard")
    combo = find("exportEpochsCombo", QComboBox)
    names = [combo.itemText(i) for i in range(combo.count())]
    assert names == ["All recorded epochs", "untrained", "epoch 1", "epoch 2", "epoch 3"]
    combo.setCurrentIndex(names.index("epoch 2"))
    find("exportStartButton", QPushButton).click()
    qtbot.waitUntil((tmp_path / "log").exists)
    assert (tmp_path / "log").read_text() == "[2] [2] [0, 1, 2, 3]"
    choose(find, "pb")
    assert not combo.isVisible()
    assert find("exportFunctionCombo").isVisible()


def test_a_log_that_fails_is_a_message_and_one_that_is_cancelled_is_not_there(
    qtbot, opened, engine, places, tmp_path
):
    find = opened()
    choose(find, "tensorboard")
    places(tmp_path / "bad")
    find("exportStartButton", QPushButton).click()
    qtbot.waitUntil(lambda: "cannot be written" in reported(find))
    assert find("exportMessage").property("invalid")
    places(tmp_path / "slow")
    find("exportStartButton", QPushButton).click()
    qtbot.waitUntil(lambda: "Waiting" in reported(find))
    assert not find("exportEpochsCombo").isEnabled()
    find("exportCloseButton", QPushButton).click()
    qtbot.waitUntil(lambda: "Cancelled" in reported(find))
    assert find("exportEpochsCombo").isEnabled()
    assert not list(tmp_path.glob("slow*"))


def test_a_web_page_has_all_open_networks_that_take_drawn_digits_or_one(
    qtbot, opened, window, engine, places, tmp_path
):
    for config in (AUTOENCODER, SOFTMAX):
        train(qtbot, engine, config)
    find = opened(SOFTMAX, Position(2))
    second = engine.runs[1]
    second.description = dataclasses.replace(second.description, image_shape=(28, 28, 3))
    find("exportFormatCombo", QComboBox).setCurrentText("Web page")
    networks = find("exportNetworksCombo", QComboBox)
    visible = [find(f"export{name}Combo").isVisible() for name in ("Networks", "Function", "Epochs")]
    assert visible == [True, False, False]
    names = [run.description.name for run in engine.runs]
    for i, held in enumerate((["epoch 2", "epoch 3"], ["epoch 2"])):
        asked = places(tmp_path / f"{i}.html")
        networks.setCurrentIndex(i)
        find("exportStartButton", QPushButton).click()
        qtbot.waitUntil(lambda i=i: f"Saved {i}.html. Loaded back by numpy" in reported(find))
        last = [each.rpartition(" → ")[2] for each in (tmp_path / f"{i}.html").read_text().split("; ")]
        assert last == held
    assert asked[-1].place.endswith(f"{names[2]}.html")
    find("exportDialog", QDialog).close()
    engine.view.show_run(second)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    entry(window, "export").trigger()
    assert find("exportFormatCombo", QComboBox).findText("Web page") == -1


def test_a_web_page_has_the_steps_of_the_open_lesson_if_that_is_chosen(
    qtbot, opened, window, find, places, tmp_path
):
    opened(SOFTMAX)
    find("exportFormatCombo", QComboBox).setCurrentText("Web page")
    assert not find("exportLessonCombo").isVisible()
    entry(window, "lesson_6_why_a_4_for_a_9").trigger()
    qtbot.waitUntil(lambda: find("lessonPanel").isVisible())
    entry(window, "export").trigger()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    find("exportFormatCombo", QComboBox).setCurrentText("Web page")
    steps, texts = find("exportLessonCombo", QComboBox), []
    assert steps.isVisible()
    for i in range(2):
        places(tmp_path / f"{i}.html")
        steps.setCurrentIndex(i)
        find("exportStartButton", QPushButton).click()
        qtbot.waitUntil(lambda i=i: f"Saved {i}.html." in reported(find))
        texts.append((tmp_path / f"{i}.html").read_text().split("; ")[-2:])
    assert "Why does it take a 4 for a 9?" not in texts[0]
    hint = "What is the difference between a 4 and a 9 for you?"
    assert texts[1] == ["Why does it take a 4 for a 9?", hint]
