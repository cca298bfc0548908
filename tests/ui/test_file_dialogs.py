"""File dialogs: what they propose, which folders are remembered, and how typed names are completed."""

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from cadl_gui.ui.file_dialogs import ask_for_file, ask_for_folder, ask_where_and_as_what, ask_where_to_save
from cadl_gui.ui.settings import FileKind

pytestmark = pytest.mark.gui

FILMS = "GIF (*.gif);;MP4 (*.mp4)"
LOCATION = QStandardPaths.StandardLocation
DOCUMENTS = QStandardPaths.writableLocation(LOCATION.DocumentsLocation)
IMAGES = QStandardPaths.writableLocation(LOCATION.PicturesLocation)


HOME = QStandardPaths.writableLocation(LOCATION.HomeLocation)


@pytest.fixture(autouse=True)
def users_folders(monkeypatch):
    """The user has folders for images and documents, whatever the machine has."""
    is_dir = Path.is_dir
    monkeypatch.setattr(Path, "is_dir", lambda path: str(path) in {IMAGES, DOCUMENTS} or is_dir(path))


@pytest.fixture
def parent(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


@pytest.fixture
def place(file_dialogs, parent):
    """Cancels a file dialog of a kind; returns the folder that it proposed."""

    def place(kind):
        file_dialogs.answer(None)
        assert ask_for_file(parent, kind, "Open", "All files (*)") is None
        return file_dialogs.asked[-1].place

    return place


def test_each_kind_begins_in_the_folder_where_one_was_chosen_last(parent, file_dialogs, place, tmp_path):
    for kind in FileKind:
        (tmp_path / kind).mkdir()
        assert place(kind) == (IMAGES if kind in {FileKind.IMAGE, FileKind.FILM} else DOCUMENTS)
        file_dialogs.answer(tmp_path / kind / "x")
        assert ask_for_file(parent, kind, "Open", "All files (*)") == tmp_path / kind / "x"
    assert {kind: place(kind) for kind in FileKind} == {kind: str(tmp_path / kind) for kind in FileKind}


def test_without_a_folder_for_documents_the_home_folder_is_proposed(parent, file_dialogs, monkeypatch):
    """The system's dialog would begin in the folder of the process."""
    monkeypatch.setattr(Path, "is_dir", lambda _: False)
    for kind in (FileKind.IMAGE, FileKind.CHECKPOINT):
        assert ask_where_to_save(parent, kind, "Save", "mine.gif", FILMS) is None
        assert file_dialogs.asked[-1].place == str(Path(HOME) / "mine.gif")


def test_saving_and_opening_a_kind_share_its_folder(parent, file_dialogs, place, tmp_path):
    file_dialogs.answer(tmp_path / "x.gif")
    ask_where_to_save(parent, FileKind.FILM, "Save", "film.gif", FILMS)
    assert place(FileKind.FILM) == str(tmp_path)
    assert place(FileKind.IMAGE) == IMAGES


def test_of_a_folder_that_was_chosen_its_parent_is_proposed(parent, file_dialogs, tmp_path):
    file_dialogs.answer(tmp_path / "run")
    assert ask_for_folder(parent, FileKind.RUN, "Open run folder") == tmp_path / "run"
    file_dialogs.answer(None)
    assert ask_for_folder(parent, FileKind.RUN, "Open run folder") is None
    assert [asked.place for asked in file_dialogs.asked] == [DOCUMENTS, str(tmp_path)]


def test_a_folder_that_is_gone_is_skipped(parent, file_dialogs, place, tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    file_dialogs.answer(folder / "x")
    ask_for_file(parent, FileKind.DATASET, "Open", "All files (*)")
    folder.rmdir()
    assert place(FileKind.DATASET) == DOCUMENTS
    folder.mkdir()
    assert place(FileKind.DATASET) == str(folder), "it is back"


def test_a_file_that_is_chosen_already_says_where_to_look(parent, file_dialogs, tmp_path):
    file_dialogs.answer(None)
    for near in (tmp_path / "x.npz", tmp_path / "gone" / "x.npz"):
        ask_for_file(parent, FileKind.EXAMPLES, "Choose", "Examples (*.npz)", near=near)
    assert [asked.place for asked in file_dialogs.asked] == [str(tmp_path), DOCUMENTS]


@pytest.mark.parametrize(
    ("there", "name", "proposed"),
    [
        ([], "vae.keras", "vae.keras"),
        (["vae.keras"], "vae.keras", "vae 2.keras"),
        (["vae.keras", "vae 2.keras"], "vae.keras", "vae 3.keras"),
        (["vae 2.keras"], "vae 2.keras", "vae 3.keras"),
        (["vae"], "vae", "vae 2"),
        (["rate 0.1"], "rate 0.1", "rate 0.1 2"),  # not “rate 2.1”
        ([], "either/or?.keras", "either-or-.keras"),
    ],
)
def test_a_free_name_is_proposed(parent, file_dialogs, tmp_path, there, name, proposed):
    file_dialogs.answer(tmp_path / "any.keras")
    ask_for_file(parent, FileKind.CHECKPOINT, "Open", "Checkpoints (*.keras)")
    for taken in there:
        (tmp_path / taken).touch()
    file_dialogs.answer(None)
    kinds = "Checkpoints (*.keras)"
    assert ask_where_to_save(parent, FileKind.CHECKPOINT, "Save", name, kinds) is None
    assert Path(file_dialogs.asked[-1].place) == tmp_path / proposed


@pytest.mark.parametrize(
    ("typed", "kind", "path"),
    [
        ("film", "MP4 (*.mp4)", "film.mp4"),
        ("film", "", "film.gif"),
        ("film.gif", "MP4 (*.mp4)", "film.gif"),
        ("film.GIF", "MP4 (*.mp4)", "film.GIF"),
        ("film v1.2", "MP4 (*.mp4)", "film v1.2.mp4"),
    ],
)
def test_what_is_typed_without_a_suffix_gets_that_of_the_chosen_kind(
    parent, file_dialogs, tmp_path, typed, kind, path
):
    file_dialogs.answer(tmp_path / typed, kind)
    answer = ask_where_and_as_what(parent, FileKind.FILM, "Export", "film.gif", FILMS)
    assert answer == (tmp_path / path, kind)


def test_what_has_no_kinds_gets_no_suffix(parent, file_dialogs, tmp_path):
    file_dialogs.answer(tmp_path / "saved model")
    assert ask_where_to_save(parent, FileKind.EXPORT, "Export", "x", "") == tmp_path / "saved model"


@pytest.mark.parametrize("word", ["Replace", "Cancel"])
def test_overwriting_a_file_by_a_completed_name_needs_confirmation(parent, file_dialogs, tmp_path, word):
    """The native dialog confirms only the typed name, not the completed one."""
    (tmp_path / "film.gif").touch()
    reported = []

    def press():
        (question,) = [box for box in QApplication.topLevelWidgets() if isinstance(box, QMessageBox)]
        reported.append(question.text())
        assert question.textFormat() == Qt.TextFormat.PlainText, "a name may look like markup"
        default = question.defaultButton()
        reported.append("" if default is None else default.text())
        button = next(button for button in question.buttons() if button.text() == word)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, press)
    file_dialogs.answer(tmp_path / "film")
    path = ask_where_to_save(parent, FileKind.FILM, "Export", "film.gif", FILMS)
    assert reported == ["“film.gif” exists already.", "Cancel"]
    assert path == (tmp_path / "film.gif" if word == "Replace" else None)
