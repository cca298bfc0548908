"""Runs that were open when the window was closed are reopened at the next start."""

import pytest
from hand import choose_entry, choose_preset, wheel
from menus import recent_files
from next_settings import next_config, set_next
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QTabWidget, QWidget
from seen import reported_at
from shown_view import store_view, stored_paths, stored_view
from trained import train

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.presets import preset
from cadl_gui.domain.view import View
from cadl_gui.system.resources import shipped_runs
from cadl_gui.ui.controls.spotlight import Spotlight
from cadl_gui.ui.figures.curtain import Curtain
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.file_dialogs import proposed_folder
from cadl_gui.ui.settings import FileKind
from cadl_gui.ui.tabs import TABS

pytestmark = pytest.mark.gui


@pytest.fixture
def nowhere(tmp_path):
    """A path of which the system refuses to say whether it exists, as on a share that is not connected."""
    return tmp_path / ("x" * 300)


def opened(qtbot, engine, *paths):
    for path in paths:
        path.touch()
        n = len(engine.runs)
        engine.runs.open(path)
        qtbot.waitUntil(lambda n=n: len(engine.runs) == n + 1)


def test_runs_are_in_the_list_again(qtbot, window, engine, next_start, tmp_path):
    first, retained = tmp_path / "first.keras", tmp_path / "kept.keras"
    opened(qtbot, engine, first, retained)
    window.close()
    _, other_engine = next_start()
    qtbot.waitUntil(lambda: len(other_engine.runs) == 2)
    assert [run.description.source for run in other_engine.runs] == [first, retained]
    assert [other_engine.runs.key(run) for run in other_engine.runs] == [*map(engine.runs.key, engine.runs)]


def test_a_checkpoint_that_was_opened_twice_is_in_the_list_twice_again(
    qtbot, window, engine, next_start, tmp_path
):
    """The second was gone at the next start, although it was the one that was wished to be shown."""
    opened(qtbot, engine, tmp_path / "first.keras", tmp_path / "other.keras", tmp_path / "first.keras")
    assert engine.view.run is engine.runs[2]
    window.close()
    _, other_engine = next_start()
    qtbot.waitUntil(lambda: len(other_engine.runs) == 3)
    assert other_engine.view.run is other_engine.runs[2]
    assert other_engine.view.value == engine.view.value


def test_runs_keep_their_letters_and_so_their_colours(qtbot, window, engine, next_start, tmp_path):
    """After the second of four was removed, the third was called as the second had been."""
    opened(qtbot, engine, *(tmp_path / f"{name}.keras" for name in "abcd"))
    for removed, opens, expected in ((1, "e", "ACDE"), (2, "", "ACE"), (2, "fg", "ACDE")):
        engine.runs.remove(engine.runs[removed])
        n_left = len(engine.runs)
        window.close()
        window, engine = next_start()
        qtbot.waitUntil(lambda engine=engine, n=n_left: len(engine.runs) == n)
        opened(qtbot, engine, *(tmp_path / f"{name}.keras" for name in opens))
        assert "".join(run.letter for run in engine.runs) == expected


def test_run_tab_and_the_next_runs_settings_are_kept(qtbot, window, engine, next_start, tmp_path):
    opened(qtbot, engine, tmp_path / "first.keras", tmp_path / "second.keras", tmp_path / "third.keras")
    engine.view.show_run(engine.runs[1])
    window.findChild(QTabWidget, "tabs").setCurrentWidget(window.findChild(QWidget, "latentTab"))
    choose_preset(window, "vae")
    set_next(engine, epochs="7", dataset="/pictures")
    window.close()
    (tmp_path / "shipped.keras").touch()
    another, other_engine = next_start(tmp_path / "shipped.keras")
    qtbot.waitUntil(lambda: len(other_engine.runs) == 4)
    assert other_engine.view.run.description.source == tmp_path / "second.keras"
    assert another.findChild(QTabWidget, "tabs").currentWidget().objectName() == "latentTab"
    assert next_config(other_engine) == preset("vae").config.replace(epochs=7, dataset="/pictures")


@pytest.mark.parametrize("text", ["", "1e", "12 000"])
def test_settings_that_cannot_be_trained_at_the_end_come_back_as_they_stood(
    window, find, engine, next_start, text
):
    """One field was empty when the window was closed: all settings were those of the start before."""
    choose_preset(window, "vae")
    set_next(engine, epochs="7")
    spin = find("batchSizeSpin")
    spin.lineEdit().selectAll()
    QTest.keyClick(spin, Qt.Key.Key_Delete)
    QTest.keyClicks(spin, text)
    left = engine.view.value.next
    assert (left["batch_size"], left["epochs"], next_config(engine)) == (text, "7", None)
    window.close()
    another, other_engine = next_start()
    assert other_engine.view.value.next == left
    again = another.findChild(QAbstractSpinBox, "batchSizeSpin")
    assert again.lineEdit().text() == text
    assert not another.findChild(QWidget, "batchSizeError").isHidden()
    again.lineEdit().selectAll()
    QTest.keyClicks(again, "30")
    assert next_config(other_engine) == preset("vae").config.replace(epochs=7, batch_size=30)


def test_the_datasets_of_the_runs_in_the_list_can_be_trained_on(qtbot, window, engine):
    """After a start, one's own pictures were missing in Train, although runs had been trained on them."""
    train(qtbot, engine, preset("softmax").config.replace(epochs=1, dataset="/pictures/shapes:size=28"))
    combo = window.findChild(QComboBox, "datasetCombo")
    assert combo.currentText() == "MNIST"
    assert combo.itemData(combo.findText("shapes:size=28")) == "/pictures/shapes:size=28"


def test_the_comparison_is_that_of_the_last_time(qtbot, window, engine, next_start, tmp_path):
    """Run, tab and position were there again, but the ticked boxes were empty."""
    opened(qtbot, engine, tmp_path / "first.keras", tmp_path / "second.keras", tmp_path / "third.keras")
    for run in (engine.runs[0], engine.runs[2]):
        engine.view.compare(run, on=True)
    window.close()
    another, other_engine = next_start()
    qtbot.waitUntil(lambda: len(other_engine.runs) == 3)
    compared = {run.description.source.name for run in other_engine.view.compared}
    assert compared == {"first.keras", "third.keras"}
    another.close()
    assert len(stored_view(tmp_path).compared) == 2
    third, third_engine = next_start()
    qtbot.waitUntil(lambda: len(third_engine.runs) == 3)
    third_engine.view.compare(third_engine.runs[0], on=False)
    third.close()
    assert [stored_paths(tmp_path)[key].name for key in stored_view(tmp_path).compared] == ["third.keras"]


def test_the_layers_of_the_plane_are_those_of_the_last_time(window, find, next_start):
    find("tabs").setCurrentWidget(find("latentTab"))
    for chip in ("classifierChip", "manifoldChip"):
        find(chip).click()
    window.close()
    another, _ = next_start()
    chips = {name: another.findChild(QWidget, f"{name}Chip") for name in ("classifier", "manifold", "points")}
    assert {name: chip.isChecked() for name, chip in chips.items()} == {
        "classifier": True, "manifold": False, "points": True
    }  # fmt: skip
    assert {"classifier", "points"} <= another.findChild(QWidget, "latentPlane").layers
    assert "manifold" not in another.findChild(QWidget, "latentPlane").layers


CHOSEN = {
    "trainTab": {"accuracyCheck": False, "logAxisCheck": False, "smoothingSlider": 7},
    "dataTab": {
        "splitFilter": "Validation", "sortCombo": "By brightness", "partsCheck": True,
        "duplicatesPanelButton": True,
    },
    "inspectTab": {
        "rangeCombo": "model", "sortCheck": True, "ownScaleCheck": True, "colormapCombo": "Grey",
        "beforeButton": False, "pictureSourceCombo": "Test image", "examplePicker": 37, "walkSpeedSlider": 7,
        "operationSearch": "Conv2D", "statisticsButton": True, "activationsButton": True,
    },
}  # fmt: skip
"""By tab, what is not as at a first start, and how."""


def choose(widget, value):
    match widget:
        case QAbstractButton():
            assert widget.isChecked() != value, widget.objectName()
            widget.click()
        case QComboBox():
            choose_entry(widget, value)
        case QLineEdit():
            QTest.keyClicks(widget, value)
        case _:
            widget.setValue(value)


def chosen(widget):
    match widget:
        case QAbstractButton():
            return widget.isChecked()
        case QComboBox():
            return widget.currentText()
        case QLineEdit():
            return widget.text()
        case _:
            return widget.value()


@pytest.mark.parametrize("tab", CHOSEN)
def test_what_was_chosen_in_a_tab_is_chosen_again(qtbot, window, engine, find, next_start, tab):
    train(qtbot, engine, preset("lecture-conv-classifier").config.replace(epochs=1))
    find("tabs").setCurrentWidget(find(tab))
    for name, value in CHOSEN[tab].items():
        if isinstance(find(name), QComboBox):
            qtbot.waitUntil(lambda name=name, value=value: find(name).findText(value) >= 0)
        choose(find(name), value)
        assert chosen(find(name)) == value, name
    window.close()
    another, _ = next_start()
    again = {name: another.findChild(QWidget, name) for name in CHOSEN[tab]}
    qtbot.waitUntil(lambda: {name: chosen(widget) for name, widget in again.items()} == CHOSEN[tab])


def test_what_filled_its_page_or_was_covered_does_and_is_so_again(window, find, next_start):
    def panel_of(name):
        return next(each for each in window.findChildren(FigurePanel) if each.focusProxy() is find(name))

    def filling(window):
        """The figures that fill a page, in the order of the pages."""
        pages = [window.findChild(QWidget, spec.name) for spec in TABS]
        found = [each for page in pages for each in page.findChildren(Spotlight) if each.isVisibleTo(page)]
        return [each.findChild(FigureView).objectName() for each in found]

    for tab, name in (("trainTab", "lossPlot"), ("dataTab", "datasetMontage"), ("trainTab", "inputMontage")):
        find("tabs").setCurrentWidget(find(tab))
        panel_of(name).toggle_spotlight()
    panel_of("datasetMontage").toggle_curtain()
    assert filling(window) == ["datasetMontage", "inputMontage"]
    window.close()
    another, _ = next_start()
    assert filling(another) == ["datasetMontage", "inputMontage"]
    data = another.findChild(QWidget, "dataTab")
    assert [each.isVisibleTo(data) for each in data.findChildren(Curtain)] == [True]


def test_images_are_zoomed_as_they_were(qtbot, window, find, next_start):
    def hovered(montage):
        qtbot.waitUntil(lambda: montage.grid is not None)
        places = QPoint(30, 20), QPoint(311, 233)
        return [reported_at(montage, place).split(" · ")[0] for place in places]

    find("tabs").setCurrentWidget(find("dataTab"))
    montage = find("datasetMontage")
    usual = hovered(montage)
    for place, delta in ((QPoint(211, 97), 480), (QPoint(91, 150), 240)):
        wheel(montage, place, delta)
    zoomed = hovered(montage)
    assert zoomed != usual
    for _ in range(2):
        window.close()
        window, _ = next_start()
        window.resize(1440, 900)
        again = window.findChild(QWidget, "datasetMontage")
        qtbot.waitUntil(lambda again=again: again.size() == montage.size())
        assert hovered(again) == zoomed


@pytest.mark.parametrize("stored", ["", "{", "[1]", '{"epochs": 3}', '{"preset": "vae", "epochs": "many"}'])
def test_damaged_settings_of_the_next_run_are_none(window, stored):
    damage = []
    assert View.from_json({"tab": "drawTab", "next": stored}, damage.append) == View(tab="drawTab")
    assert [str(error)[:7] for error in damage] == ["“next”:"]


def test_what_was_remembered_and_is_none_any_more_is_the_usual(tmp_path, next_start):
    store_view(
        tmp_path, tab="noTab", run="/gone.keras", next=NextRun.of(RunConfig.of(preset="no-preset", epochs=7))
    )
    window, engine = next_start()
    assert window.findChild(QTabWidget, "tabs").currentWidget().objectName() == "trainTab"
    assert engine.view.value.next == NextRun()


def test_a_damaged_view_never_takes_the_place_of_the_last_good_one(next_start, tmp_path):
    store_view(tmp_path, tab="drawTab")
    next_start()[0].close()
    for damaged, tab in (('{"format": 1, "tab": 7}', ""), ("{", "drawTab")):
        (tmp_path / "work" / "view.json").write_text(damaged)
        window, engine = next_start()
        assert engine.view.value.tab == tab
        window.close()


def test_what_is_gone_or_opened_anyway_is_left_out(qtbot, window, engine, next_start, tmp_path, caplog):
    gone, named, retained = (tmp_path / name for name in ("gone.keras", "named.keras", "kept.keras"))
    opened(qtbot, engine, gone, named, retained)
    window.close()
    gone.unlink()
    with caplog.at_level("INFO"):
        _, other_engine = next_start(but=[named])
    qtbot.waitUntil(lambda: len(other_engine.runs) == 1)
    assert other_engine.runs[0].description.source == retained
    assert f"“{gone}” is gone" in caplog.text


def test_what_cannot_even_be_looked_for_is_left_out(engine, next_start, tmp_path, nowhere):
    """The window did not start any more, since looking for it raised an error."""
    store_view(tmp_path, runs=(str(nowhere),))
    _, engine = next_start()
    assert not engine.runs.listed


def test_what_cannot_even_be_looked_for_is_not_offered(window, settings, nowhere):
    settings.add_recent(str(nowhere))
    settings.remember_folder(FileKind.RUN, nowhere)
    (recent,) = recent_files(window)
    assert not recent.isEnabled()
    assert proposed_folder(FileKind.RUN).is_dir()


def test_what_cannot_even_be_looked_for_is_reported_if_it_is_named(qtbot, window, engine, nowhere):
    with qtbot.waitSignal(engine.runs.opening_failed):
        engine.runs.open(nowhere)


def test_what_was_taken_off_the_list_and_what_ships_is_not_remembered(
    qtbot, window, engine, settings, tmp_path
):
    removed = tmp_path / "removed.keras"
    opened(qtbot, engine, removed)
    engine.runs.remove(engine.runs[0])
    window.open_again(shipped_runs()[:1])
    qtbot.waitUntil(lambda: len(engine.runs) == 1)
    window.close()
    assert stored_view(tmp_path).runs == (f"shipped:{shipped_runs()[0].name}",)
    assert stored_paths(tmp_path) == {}


def test_runs_are_remembered_before_the_window_is_closed(qtbot, window, engine, settings, tmp_path):
    """A program that crashes cannot store them any more."""
    opened(qtbot, engine, tmp_path / "a.keras", tmp_path / "b.keras")
    both = [tmp_path / "a.keras", tmp_path / "b.keras"]
    qtbot.waitUntil(lambda: [*stored_paths(tmp_path).values()] == both)


def test_a_window_that_is_closed_before_it_could_open_them_forgets_none(next_start, tmp_path):
    path = tmp_path / "a.keras"
    path.touch()
    store_view(tmp_path, runs=(str(path),))
    window, _ = next_start()
    window.close()
    assert stored_view(tmp_path).runs == (str(path),)
