"""A dataset that has to be prepared is previewed first, and then prepared, from the window."""

from dataclasses import replace
from functools import partial
from threading import Event

import numpy as np
import pytest
from hand import drop
from menus import entry
from next_settings import next_config, set_next
from PIL import Image
from preparing import prepare
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLabel, QMessageBox, QPushButton, QTreeWidget
from trained import train

from cadl_gui.datasets.sources import SOURCES
from cadl_gui.domain.dataset_source import DatasetScan, DatasetSource, PreparingProgress, Preview
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.import_report import ImportReport
from cadl_gui.domain.presets import preset
from cadl_gui.engine.training_status import TrainingState

pytestmark = pytest.mark.gui

N = 8
PARTS = ("prepareSummary", "prepareSpace", "prepareCancelButton")
"""Parts of the dialog above and below the progress."""


class SlowScan(DatasetScan):
    """Ten images, which are found when they may be, and of which each is decoded when it may be."""

    def __init__(self, path, options, may_look, may_go_on, workers):
        assert may_look.wait(60)
        self.path, self.options = path, options
        self.preview = Preview(10, (options.size or 8, options.size or 8, 3), (), n_test=3, n_validation=2)
        self._may_go_on, self._workers = may_go_on, workers

    def prepare(self, workers=None):
        self._workers.append(workers)
        for done in range(10):
            yield PreparingProgress(done, 10)
            self._may_go_on.wait(0.01)
            while done == 5 and not self._may_go_on.is_set():
                yield PreparingProgress(done, 10)
                self._may_go_on.wait(0.01)
        if self.path.read_text() == "bad":
            raise DatasetError(f"“{self.path}” disappeared while its images were read.")
        return ImportReport().plus(10)


@pytest.fixture
def may_look():
    event = Event()
    event.set()
    yield event
    event.set()


@pytest.fixture
def may_go_on():
    event = Event()
    yield event
    event.set()


@pytest.fixture
def workers():
    """How many processes each preparation of a slow dataset took."""
    return []


@pytest.fixture
def dataset_sources(may_look, may_go_on, workers):
    slow = DatasetSource(
        title="slow",
        help="Takes its time.",
        patterns=("*.slow",),
        recognises=lambda path: path.suffix == ".slow",
        preview=lambda _: Preview(10, (8, 8, 3), ()),
        scan=partial(SlowScan, may_look=may_look, may_go_on=may_go_on, workers=workers),
        options=("size",),
    )
    return (*SOURCES, slow)


@pytest.fixture
def slow(tmp_path):
    path = tmp_path / "some.slow"
    path.write_text("good")
    return path


@pytest.fixture
def photos(tmp_path):
    """Two classes, a file that is no image, and one that is turned."""
    folder = tmp_path / "photos"
    random = np.random.default_rng(0)
    for name in ("cats", "dogs"):
        (folder / name).mkdir(parents=True)
        for number in range(N):
            Image.fromarray(random.integers(0, 256, (40, 50, 3), np.uint8)).save(
                folder / name / f"{number}.png"
            )
    (folder / "cats" / "empty.jpg").touch()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (50, 40)).save(folder / "dogs" / "turned.jpg", exif=exif.tobytes())
    return folder


@pytest.fixture
def shows(qtbot, window):
    """The text of a label of the dialog; waits for the end of a scan."""

    def shows(name="prepareSummary"):
        def dialog():
            return next(
                (each for each in window.findChildren(QDialog, "prepareDialog") if each.isVisible()), None
            )

        def message():
            return dialog().findChild(QLabel, "prepareMessage").text()

        qtbot.waitUntil(lambda: dialog() is not None and message() != "Looking for images…")
        return dialog().findChild(QLabel, name).text()

    return shows


@pytest.fixture
def button(find):
    return lambda name: find(f"prepare{name}Button", QPushButton)


@pytest.fixture
def dataset(engine):
    return lambda: engine.view.value.next["dataset"]


def click(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def is_open(window, name="prepareDialog"):
    return any(each.isVisible() for each in window.findChildren(QDialog, name))


def cached(tmp_path):
    folder = tmp_path / "home" / "cache" / "cadl_gui" / "datasets"
    return list(folder.iterdir()) if folder.exists() else []


def test_a_dropped_folder_is_previewed_prepared_and_reported(
    qtbot, window, find, photos, shows, button, dataset, tmp_path, file_dialogs
):
    assert drop(window, photos)
    assert shows() == "18 images of 64×64 in colour, 2 classes."
    assert "Classes: cats, dogs" in shows("prepareFound")
    assert shows("prepareSpace") == "Takes about 221 kB on disk."
    assert dataset() == "mnist"
    assert not cached(tmp_path)
    click(button("Start"))
    notice = find("noticeStrip")
    qtbot.waitUntil(
        lambda: "Added “photos”: 17 images opened, 1 turned by EXIF, 1 skipped" in notice.message()
    )
    assert notice.property("notice") == "caution", "that a file was skipped does not stand out"
    assert not is_open(window)
    qtbot.waitUntil(lambda: dataset() == str(photos))
    assert len(cached(tmp_path)) == 1
    find("tabs").setCurrentWidget(find("trainTab"))
    qtbot.waitUntil(lambda: "17 images of 64×64 in colour, 2 classes" in find("roomLine", QLabel).text())
    click(find("noticeAction"))
    text = find("prepareReportText").toPlainText()
    assert "1 turned by EXIF: “dogs/turned.jpg”" in text
    assert "1 skipped (empty): “cats/empty.jpg”" in text
    click(find("prepareReportCopyButton"))
    assert QApplication.clipboard().text() == text
    file_dialogs.answer(tmp_path / "report.txt")
    click(find("prepareReportSaveButton"))
    assert (tmp_path / "report.txt").read_text(encoding="utf-8").strip() == text


def test_of_several_folders_dropped_at_once_the_first_is_opened_and_that_is_said(window, find, photos, shows):
    """The last one was, and nothing told of the others, which may have been meant as classes."""
    assert drop(window, photos / "cats", photos / "dogs")
    assert shows("prepareTitle") == "cats"
    assert "Only “cats” is opened" in find("noticeStrip").message()


def test_other_options_find_other_images(qtbot, window, find, photos, shows, button, dataset):
    drop(window, photos)
    shows()
    size = find("sizeSpin")
    size.selectAll()
    QTest.keyClicks(size, "9999")
    assert find("sizeError", QLabel).text() == "Size lies between 0 and 512."
    assert not button("Start").isEnabled()
    size.selectAll()
    QTest.keyClicks(size, "16")
    find("greyCheck").click()
    qtbot.waitUntil(lambda: shows() == "18 images of 16×16, 2 classes.")
    assert find("sizeError", QLabel).text() == ""
    qtbot.waitUntil(button("Start").isEnabled)
    click(button("Start"))
    qtbot.waitUntil(lambda: dataset() == f"{photos}:size=16,grey=on")
    find("tabs").setCurrentWidget(find("trainTab"))
    qtbot.waitUntil(lambda: "17 images of 16×16, 2 classes" in find("roomLine", QLabel).text())


def test_no_field_moves_when_the_preparing_begins(qtbot, window, find, slow, shows, button):
    drop(window, slow)
    shows()

    def heights():
        return [find(name).mapTo(find("prepareDialog"), QPoint()).y() for name in PARTS]

    before = heights()
    place = button("Start").mapTo(find("prepareDialog"), button("Start").rect().center())
    click(button("Start"))
    qtbot.waitUntil(find("prepareProgress").isVisible)
    QApplication.processEvents()
    assert heights() == before
    assert find("prepareDialog").childAt(place) is not button("Cancel"), "a double click cancels"
    assert button("Hide").hasFocus(), "a second Enter cancels"


def test_what_zero_stands_for_is_said_above_the_field(window, find, photos, shows):
    drop(window, photos)
    shows()
    captions = {label.text() for label in find("prepareDialog").findChildren(QLabel)}
    assert {"Size (0: automatic)", "Limit (0: all)", "Crop factor"} <= captions
    assert " of 64×64 in colour" in find("prepareSummary", QLabel).text()


def test_options_that_have_no_effect_are_not_offered(window, photos, shows, find):
    drop(window, photos)
    shows()
    assert find("prepareDialog").findChild(QComboBox, "backgroundCombo").isVisible()
    assert not find("prepareDialog").findChildren(QLabel, "everyError")


def test_what_was_prepared_before_is_opened(qtbot, window, find, photos, shows, button, dataset, tmp_path):
    prepare(photos)
    before = cached(tmp_path)[0].stat().st_mtime_ns
    drop(window, photos)
    assert "Prepared with these options on" in shows("prepareSpace")
    assert button("Start").text() == "Open"
    click(button("Start"))
    qtbot.waitUntil(lambda: dataset() == str(photos))
    assert not is_open(window)
    assert [each.stat().st_mtime_ns for each in cached(tmp_path)] == [before]


def test_a_folder_without_images_says_so(window, shows, button, dataset, tmp_path):
    (tmp_path / "nothing").mkdir()
    drop(window, tmp_path / "nothing")
    assert shows("prepareMessage") == f"“{tmp_path / 'nothing'}” holds no image files."
    assert not button("Start").isEnabled()
    click(button("Cancel"))
    assert not is_open(window)
    assert dataset() == "mnist"


def test_a_folder_chosen_in_the_form_or_the_menu_is_previewed_too(
    window, find, photos, shows, button, file_dialogs, dataset
):
    file_dialogs.answer(photos)
    combo = find("datasetCombo", QComboBox)
    combo.setCurrentIndex(combo.findText("Open image folder…"))
    assert shows().startswith("18 images")
    click(button("Cancel"))
    assert (dataset(), is_open(window)) == ("mnist", False)
    entry(window, "open_dataset").trigger()
    assert shows().startswith("18 images")


def test_preparing_goes_on_in_the_background_and_its_dialog_comes_back(
    qtbot, window, find, slow, shows, button, dataset, may_go_on
):
    drop(window, slow)
    shows()
    click(button("Start"))
    status = find("prepareStatusButton")
    qtbot.waitUntil(lambda: status.text() == "Preparing: 50 %")
    assert shows("prepareMessage").startswith("5 of 10 images · ")
    click(button("Hide"))
    assert not is_open(window)
    assert status.isVisible()
    click(status)
    assert is_open(window)
    QTest.keyClick(find("prepareDialog"), Qt.Key.Key_Escape)
    assert not is_open(window)
    entry(window, "present").trigger()
    beside = find("prepareTimelineButton")
    qtbot.waitUntil(beside.isVisible)
    assert beside.text() == "Preparing: 50 %"
    assert not status.isVisible()
    click(beside)
    assert is_open(window), "in present mode, the progress leads nowhere"
    click(button("Hide"))
    entry(window, "present").trigger()
    qtbot.waitUntil(status.isVisible)
    assert not beside.isVisible()
    may_go_on.set()
    qtbot.waitUntil(lambda: dataset() == str(slow))
    notice = find("noticeStrip")
    assert notice.message() == "Added “some.slow”: 10 images opened."
    assert notice.property("notice") == "information"
    assert not find("noticeAction").isVisible(), "a report that says nothing is offered"
    assert not status.isVisible()
    find("tabs").setCurrentWidget(find("latentTab"))
    assert not notice.isVisible(), "it has been read, and covers controls of another tab"


def test_preparing_is_cancelled_and_begun_again(qtbot, window, find, slow, shows, button, dataset, may_go_on):
    drop(window, slow)
    shows()
    click(button("Start"))
    qtbot.waitUntil(lambda: find("prepareStatusButton").text() == "Preparing: 50 %")
    click(button("Cancel"))
    qtbot.waitUntil(lambda: shows("prepareMessage") == "Cancelled. Nothing was prepared.")
    assert dataset() == "mnist"
    may_go_on.set()
    click(button("Start"))
    qtbot.waitUntil(lambda: dataset() == str(slow))


def test_another_dataset_waits_until_one_is_prepared(qtbot, window, find, slow, photos, shows, button):
    drop(window, slow)
    shows()
    click(button("Start"))
    click(button("Hide"))
    drop(window, photos)
    qtbot.waitUntil(lambda: find("noticeStrip").message().startswith("“some.slow” is being prepared."))
    assert not is_open(window)


@pytest.mark.parametrize("hidden", [False, True])
def test_a_failure_is_a_sentence(qtbot, window, find, slow, shows, button, dataset, may_go_on, hidden):
    slow.write_text("bad")
    drop(window, slow)
    shows()
    click(button("Start"))
    if hidden:
        click(button("Hide"))
    may_go_on.set()
    sentence = f"“{slow}” disappeared while its images were read."
    if hidden:
        qtbot.waitUntil(lambda: find("noticeStrip").message() == sentence)
    else:
        qtbot.waitUntil(lambda: shows("prepareMessage") == sentence)
        assert button("Start").isEnabled()
    assert dataset() == "mnist"


def test_a_dataset_prepared_behind_a_hidden_dialog_is_the_next_runs_and_the_tab_stays(
    qtbot, window, find, slow, shows, button, dataset, may_go_on
):
    drop(window, slow)
    shows()
    click(button("Start"))
    click(button("Hide"))
    find("tabs").setCurrentWidget(find("drawTab"))
    may_go_on.set()
    qtbot.waitUntil(lambda: dataset() == str(slow))
    assert find("drawTab").isVisible()


def test_while_a_run_trains_one_process_prepares(
    qtbot, window, engine, slow, shows, button, dataset, may_go_on, workers
):
    may_go_on.set()
    drop(window, slow)
    shows()
    click(button("Start"))
    qtbot.waitUntil(lambda: dataset() == str(slow))
    engine.training.train(preset("softmax").config, paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    drop(window, slow)
    shows()
    click(button("Start"))
    qtbot.waitUntil(lambda: len(workers) == 2)
    assert workers == [None, 1]


def test_train_offers_to_prepare(qtbot, window, find, engine, photos, shows, button, dataset):
    set_next(engine, preset("vae").config.replace(dataset=f"{photos}:size=16", batch_size=4))
    entry(window, "train").trigger()
    assert shows() == "18 images of 16×16 in colour, 2 classes."
    assert engine.training.state is TrainingState.IDLE
    click(button("Start"))
    qtbot.waitUntil(lambda: not is_open(window))
    assert dataset() == f"{photos}:size=16"
    assert find("trainTab").isVisible(), "to train is what was wanted"
    qtbot.waitUntil(entry(window, "train").isEnabled)
    entry(window, "train").trigger()
    qtbot.waitUntil(lambda: len(engine.runs) == 1)
    assert not is_open(window)


@pytest.fixture
def looks(engine, photos, may_go_on, monkeypatch):
    """Looking whether the photos are prepared takes its time; set while that is under way."""
    looks = Event()

    def find_prepared(path, options):
        looks.set()
        assert may_go_on.wait(60)
        return photos  # it is prepared

    monkeypatch.setattr(engine, "library", replace(engine.library, find_prepared=find_prepared))
    return looks


@pytest.fixture
def of_photos(photos):
    return preset("vae").config.replace(dataset=str(photos), batch_size=4, epochs=1)


def test_train_that_still_looks_at_its_dataset_gives_way_to_another(
    qtbot, window, find, engine, of_photos, looks, may_go_on
):
    """Once it had looked, it trained what the form had by then, and stopped the training of it."""
    set_next(engine, of_photos)
    entry(window, "train").trigger()
    qtbot.waitUntil(looks.is_set)
    set_next(engine, preset("softmax").config.replace(epochs=1))
    entry(window, "train").trigger()
    qtbot.waitUntil(lambda: len(engine.runs) == 1 and engine.training.state is TrainingState.IDLE)
    may_go_on.set()
    qtbot.waitUntil(lambda: not engine.jobs.is_busy)
    entry(window, "rewind").trigger()
    qtbot.waitUntil(lambda: len(engine.runs) == 2 and engine.training.state is TrainingState.IDLE)
    assert [run.description.name for run in engine.runs] == ["softmax", "softmax 2"]


def test_train_trains_what_the_form_had_when_it_was_pressed(
    qtbot, window, find, engine, of_photos, looks, may_go_on
):
    """What was typed for the next run while it looked at the dataset was trained in its place."""
    set_next(engine, of_photos)
    entry(window, "train").trigger()
    qtbot.waitUntil(looks.is_set)
    set_next(engine, batch_size="5")
    may_go_on.set()
    qtbot.waitUntil(lambda: len(engine.runs) == 1)
    assert engine.runs[0].description.config == of_photos


def test_repeat_repeats_the_run_that_was_shown_when_it_was_pressed(
    qtbot, window, engine, of_photos, looks, may_go_on
):
    """While it looked at the dataset, another run could be chosen, and was repeated."""
    first, second = train(qtbot, engine, of_photos), train(qtbot, engine, preset("softmax").config)
    engine.view.show_run(first)
    entry(window, "rewind").trigger()
    qtbot.waitUntil(looks.is_set)
    engine.view.show_run(second)
    may_go_on.set()
    qtbot.waitUntil(lambda: len(engine.runs) == 3)
    assert engine.runs[2].description.config == of_photos


def test_a_race_begins_whatever_is_typed_while_it_looks_at_the_dataset(
    qtbot, window, find, engine, of_photos, looks, may_go_on
):
    """A form that could not be trained by then was an unexpected error, and nothing raced."""
    set_next(engine, of_photos)
    entry(window, "race").trigger()
    click(find("raceBeginButton"))
    qtbot.waitUntil(looks.is_set)
    set_next(engine, latent_dim="0")
    assert next_config(engine) is None
    may_go_on.set()
    qtbot.waitUntil(lambda: len(engine.runs) == 3)
    assert not find("noticeStrip").isVisible()


def test_closing_the_program_cancels(qtbot, window, engine, slow, shows, button, find):
    drop(window, slow)
    shows()
    click(button("Start"))
    qtbot.waitUntil(lambda: find("prepareStatusButton").isVisible())
    assert engine.shut_down(60_000)
    assert not engine.jobs.is_busy


def test_what_is_typed_at_once_is_the_size_and_what_was_found_for_another_is_not_added(
    qtbot, window, find, slow, shows, button, may_look
):
    drop(window, slow)
    shows()
    may_look.clear()
    QTest.keyClicks(find("prepareDialog").focusWidget(), "32")
    qtbot.waitUntil(lambda: find("prepareMessage", QLabel).text() == "Looking for images…")
    QTest.keyClicks(find("prepareDialog").focusWidget(), "0")
    may_look.set()
    qtbot.waitUntil(button("Start").isEnabled)
    assert shows() == "10 images of 320×320 in colour, without labels."
    assert shows("prepareFound") == "Parts: 5 training, 2 validation, 3 test"


def test_dialog_lists_and_removes_prepared_datasets(qtbot, window, find, photos, tmp_path):
    prepare(photos)
    prepare(photos, size=16)
    entry(window, "prepared_datasets").trigger()
    total = find("preparedTotal", QLabel)
    qtbot.waitUntil(lambda: total.text().startswith("2 datasets, "))
    listed = find("preparedList", QTreeWidget)

    def rows():
        return [listed.topLevelItem(row).text(0) for row in range(listed.topLevelItemCount())]

    assert rows() == [str(photos), f"{photos}:size=16"]
    assert [listed.topLevelItem(0).text(column) for column in (1, 2)] == ["17", "64×64"]
    titles, row = listed.headerItem(), listed.topLevelItem(0)
    for column in (1, 2, 4):
        assert titles.textAlignment(column) == row.textAlignment(column), "a title stands over its numbers"
    click(find("preparedRemoveButton"))
    question = find("removePreparedQuestion", QMessageBox)
    assert question.text() == f"Remove “{photos}”?"
    click(next(each for each in question.buttons() if each.text() == "Cancel"))
    assert len(cached(tmp_path)) == 2
    click(find("preparedRemoveButton"))
    question = find("removePreparedQuestion", QMessageBox)
    click(next(each for each in question.buttons() if each.text() == "Remove"))
    qtbot.waitUntil(lambda: rows() == [f"{photos}:size=16"])
    assert len(cached(tmp_path)) == 1
    assert photos.exists()


def test_a_dataset_that_is_trained_on_is_not_removed(qtbot, window, engine, find, photos, tmp_path):
    prepare(photos)
    engine.training.train(preset("vae").config.replace(dataset=str(photos)), paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    entry(window, "prepared_datasets").trigger()
    qtbot.waitUntil(lambda: find("preparedList", QTreeWidget).topLevelItemCount() == 1)
    click(find("preparedRemoveButton"))
    assert "is in use" in find("preparedMessage", QLabel).text()
    assert len(cached(tmp_path)) == 1


def test_repeat_offers_to_prepare_again_what_was_removed(qtbot, window, engine, photos, shows, button):
    train(qtbot, engine, preset("vae").config.replace(dataset=str(photos), epochs=1))
    qtbot.waitUntil(entry(window, "rewind").isEnabled)
    entry(window, "rewind").trigger()
    assert shows() == "18 images of 64×64 in colour, 2 classes."
    assert len(engine.runs) == 1
