"""A new kind of dataset is one new file; it then appears in the window, the command line and the help."""

import importlib.util
import multiprocessing
import sys
import textwrap

import pytest
from fakes import FakeInference, FakeTraining
from hand import drop
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QTabWidget, QWidget

from cadl_gui.cli import main
from cadl_gui.cli import train as train_command
from cadl_gui.datasets import sources
from cadl_gui.datasets.dataset_service import DatasetService
from cadl_gui.datasets.library import LIBRARY
from cadl_gui.datasets.load import load
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.window.main_window import MainWindow

NEW_FILE = textwrap.dedent('''
    """Flags: five of them, in colour, as many times as the file says."""

    import numpy as np

    from cadl_gui.domain.dataset_source import Preview
    from cadl_gui.datasets.images import FileState, Images
    from cadl_gui.datasets.source import Source
    from cadl_gui.datasets.store import ImageStore

    NAMES = ("red", "green", "blue", "white", "black")


    def read(path):
        n = int(path.read_text())
        labels = np.arange(n) % 5
        colours = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255], [0, 0, 0]], np.uint8)
        noise = np.random.default_rng(0).integers(0, 2, (n, 8, 8, 3), np.uint8)
        images = colours[labels][:, None, None] ^ noise
        return ImageStore(path.stem, Images(images, files=(FileState.of(path),)), labels, 0, NAMES)


    SOURCE = Source(
        title="flag",
        help="A number of flags.",
        patterns=("*.flags",),
        recognises=lambda path: path.suffix == ".flags",
        preview=lambda path: Preview(int(path.read_text()), (8, 8, 3), NAMES),
        open=read,
    )
''')


NEW_PREPARED_FILE = textwrap.dedent('''
    """Dots: a white dot on black for each line of a file, at the place that it names."""

    from dataclasses import dataclass

    import numpy as np

    from cadl_gui.datasets.preparing.found_files import state_of
    from cadl_gui.datasets.preparing.scan import Scan
    from cadl_gui.datasets.preparing.task import Block
    from cadl_gui.datasets.source import prepared_source
    from cadl_gui.domain.dataset_source import Preview
    from cadl_gui.domain.import_report import Note


    @dataclass
    class Dots:
        lines: list

        def blocks(self):
            images = np.zeros((len(self.lines), 8, 8, 1), np.uint8)
            are_read = np.array([line.isdigit() for line in self.lines])
            for number in np.flatnonzero(are_read):
                images[number].flat[int(self.lines[number])] = 255
            notes = [Note("skipped", line, "is no place") for line in self.lines if not line.isdigit()]
            yield Block(0, images, are_read, tuple(notes))


    def scan(path, options):
        lines = path.read_text().split()
        return Scan(
            path=path,
            options=options,
            preview=Preview(len(lines), (8, 8, 1), ()),
            state=state_of(path),
            names=lines,
            labels=None,
            tasks=lambda: [Dots(lines)],
        )


    SOURCE = prepared_source(
        title="dot",
        help="Places of dots.",
        patterns=("*.dots",),
        recognises=lambda path: path.suffix == ".dots",
        scan=scan,
    )
''')


def new_module(tmp_path, monkeypatch, name, text):
    """Adds a file, and its line in the registry."""
    (tmp_path / f"{name}.py").write_text(text)
    spec = importlib.util.spec_from_file_location(name, tmp_path / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(sources, "SOURCES", (*sources.SOURCES, module.SOURCE))
    monkeypatch.setattr(train_command, "SOURCES", sources.SOURCES)


@pytest.fixture
def flags(tmp_path, monkeypatch):
    """Adds the file and its line in the registry; returns a dataset of that kind."""
    new_module(tmp_path, monkeypatch, "flags", NEW_FILE)
    (tmp_path / "five.flags").write_text("100")
    return tmp_path / "five.flags"


@pytest.fixture
def window(qtbot, flags, tmp_path):
    engine = Engine(FakeTraining, FakeInference, None, sources.SOURCES, DatasetService, library=LIBRARY)
    window = MainWindow(engine, Theme("light"), Settings(), "", tmp_path / "work")
    qtbot.addWidget(window)
    window.show()
    engine.load()
    yield window
    assert engine.shut_down(60_000)


@pytest.mark.gui
def test_the_window_offers_it_and_takes_it_where_it_is_dropped(qtbot, window, flags, file_dialogs):
    combo = window.findChild(QComboBox, "datasetCombo")
    texts = [combo.itemText(i) for i in range(combo.count())]
    assert "Open flag files…" in texts
    item = texts.index("Open flag files…")
    assert combo.itemData(item, Qt.ItemDataRole.ToolTipRole) == "A number of flags."
    file_dialogs.answer(flags)
    combo.setCurrentIndex(item)
    assert file_dialogs.asked[0].kinds.startswith("flag files (*.flags)")
    qtbot.waitUntil(lambda: combo.currentData() == str(flags))
    combo.setCurrentText("MNIST")
    assert not drop(window, flags.with_name("flags.py"))
    assert drop(window, flags)
    tabs = window.findChild(QTabWidget, "tabs")
    qtbot.waitUntil(lambda: tabs.currentWidget().objectName() == "dataTab")
    tabs.setCurrentWidget(window.findChild(QWidget, "trainTab"))
    qtbot.waitUntil(lambda: combo.currentData() == str(flags))
    assert not window.findChild(QWidget, "runList").model().rowCount()


@pytest.mark.tf
def test_the_command_line_trains_on_it_and_says_what_it_sees(flags, tmp_path, capsys):
    store = load(str(flags))
    assert (store.image_shape, store.class_names[2]) == ((8, 8, 3), "blue")
    run, options = str(tmp_path / "run"), ["--batch-size", "10", "--dataset", str(flags)]
    assert main(["train", "softmax", "--run", run, "--epochs", "2", *options]) == 0
    assert main(["train", "--run", run, "--epochs", "3", "--resume"]) == 0
    assert "epoch   3" in capsys.readouterr().out
    assert main(["info", run]) == 0
    assert "classes  red, green, blue, white, black" in capsys.readouterr().out


def test_the_help_names_it(flags, capsys):
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    assert "flag files" in " ".join(capsys.readouterr().out.split())


def test_prepared_kind_needs_no_more_than_what_it_finds_and_how_it_is_decoded(tmp_path, monkeypatch, capsys):
    new_module(tmp_path, monkeypatch, "dots", NEW_PREPARED_FILE)
    monkeypatch.syspath_prepend(tmp_path)
    for child in multiprocessing.active_children():  # the one that waits does not know this folder
        child.kill()
        child.join()
    (tmp_path / "three.dots").write_text("5 nowhere 60")
    path = str(tmp_path / "three.dots")
    assert main(["data", "info", path]) == 0
    assert "3 images of 8×8, without labels" in capsys.readouterr().out
    assert main(["data", "prepare", path]) == 0
    assert capsys.readouterr().out.startswith("2 images opened, 1 skipped: “nowhere” (no place)")
    store = load(path)
    assert store.file_names == ("5", "60")
    assert [image.ravel().argmax() for image in store.images[:]] == [5, 60]
