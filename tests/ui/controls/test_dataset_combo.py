"""A dataset is shown once it is opened; what opens a dialog is never one, however often it is chosen."""

import pytest

from cadl_gui.datasets.sources import SOURCES
from cadl_gui.ui.controls.dataset_combo import DatasetCombo

pytestmark = pytest.mark.gui


@pytest.fixture
def combo(qtbot):
    combo = DatasetCombo(SOURCES)
    qtbot.addWidget(combo)
    combo.show()
    return combo


@pytest.fixture
def heard(combo):
    heard = []
    combo.chosen.connect(lambda dataset: heard.append(("chosen", dataset)))
    combo.path_chosen.connect(lambda path: heard.append(("path", path)))
    return heard


def shown(combo):
    return combo.dataset, combo.currentText(), combo.currentData()


def test_a_choice_is_shown_once_it_is_opened_and_a_dialog_leaves_the_dataset_each_time(
    combo, heard, file_dialogs, tmp_path
):
    """“Open images…” was cancelled, and stood in the box; chosen again, it did nothing."""
    n, mnist = combo.count(), ("mnist", "MNIST", "mnist")
    opens = [i for i in range(n) if combo.itemData(i) is None]
    assert opens == list(range(n - len(opens), n)), "they are last"
    for dataset, expected in (
        ("/a/first.npz", ("/a/first.npz", "first.npz", "/a/first.npz")),
        ("mnist", mnist),
    ):
        combo.show_dataset(dataset)
        assert shown(combo) == expected
        for answer in (None, tmp_path / "x", None, tmp_path / "y"):
            for i in range(combo.count() - len(opens), combo.count()):
                file_dialogs.answer(answer)
                combo.setCurrentIndex(i)
                assert shown(combo) == expected
                assert heard == ([] if answer is None else [("path", str(answer))])
                heard.clear()
    assert len(file_dialogs.asked) == 2 * 4 * len(opens)
    other = combo.findData("/a/first.npz")
    for _ in range(2):
        combo.setCurrentIndex(other)
        assert (heard, shown(combo)) == ([("chosen", "/a/first.npz")], mnist), "it is opened first"
        heard.clear()


def test_each_dataset_is_offered_once_by_its_name_before_those_that_open_a_dialog(combo, heard):
    n = combo.count()
    for dataset in ("/a/first.npz", "/b/first.npz", "MNIST", "/a/first.npz", "/c/films:size=28", "emoji"):
        name = combo.offer(dataset)
        assert name == (dataset if dataset.startswith("/") else dataset.lower())
        assert combo.dataset == "mnist"
    assert combo.count() == n + 3
    data = [combo.itemData(i) for i in range(combo.count())]
    assert [each for each in data if each and each.startswith("/")] == [
        "/a/first.npz",
        "/b/first.npz",
        "/c/films:size=28",
    ]
    assert data[-1] is None
    combo.show_dataset("/new.h5")
    assert (combo.count(), shown(combo)) == (n + 4, ("/new.h5", "new.h5", "/new.h5"))
    combo.show_dataset("Emoji")
    assert shown(combo)[0] == "emoji"
    assert heard == []
