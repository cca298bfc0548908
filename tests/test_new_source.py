"""A new kind of dataset is one new file, and is found in the window, on the command line and in the help."""

import importlib.util
import textwrap

import pytest
from fakes import FakeInference, FakeTraining
from hand import drop
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QWidget

from cadl_gui.cli import main
from cadl_gui.cli import train as train_command
from cadl_gui.datasets import sources
from cadl_gui.datasets.library import LIBRARY
from cadl_gui.datasets.load import load
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.shell.main_window import MainWindow
from cadl_gui.ui.theme.theme import Theme

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


@pytest.fixture
def flags(tmp_path, monkeypatch):
    """Adds the file and its line in the registry; gives a dataset of that kind."""
    (tmp_path / "flags.py").write_text(NEW_FILE)
    spec = importlib.util.spec_from_file_location("flags", tmp_path / "flags.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(sources, "SOURCES", (*sources.SOURCES, module.SOURCE))
    monkeypatch.setattr(train_command, "SOURCES", sources.SOURCES)
    (tmp_path / "five.flags").write_text("100")
    return tmp_path / "five.flags"


@pytest.fixture
def window(qtbot, flags):
    engine = Engine(FakeTraining, FakeInference, None, sources.SOURCES, library=LIBRARY)
    window = MainWindow(engine, Theme("light"), Settings(), "")
    qtbot.addWidget(window)
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
