"""The column beside the images is about the dataset that is shown: its statistics, duplicates and image."""

import numpy as np
import pytest
from idle import wait_until_idle
from PySide6.QtWidgets import QLabel, QPushButton

from cadl_gui.domain.dataset_requests import DatasetRef, DescribeDataset, FetchImage, FindDuplicates
from cadl_gui.domain.presets import preset
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.ui.data.dataset_side import DatasetSide

pytestmark = pytest.mark.gui

SIZES = {"few": 30, "many": 50}
"""Numbers of images of two datasets; in each, the last image is the first one again."""


@pytest.fixture
def asked(qtbot, engine):
    """Returns the answer to a request about a dataset."""
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)

    def asked(request):
        answers = []
        InferenceClient(engine.datasets, engine).ask(request, lambda answer, _: answers.append(answer))
        qtbot.waitUntil(lambda: bool(answers))
        return answers[0]

    return asked


@pytest.fixture
def datasets(tmp_path, asked):
    """Both datasets, each with its description."""
    datasets = {}
    for name, n in SIZES.items():
        images = np.random.default_rng(n).integers(0, 256, (n, 12, 9, 1), np.uint8)
        images[-1] = images[0]
        np.savez(tmp_path / f"{name}.npz", images=images, labels=np.arange(n) % 3)
        dataset = DatasetRef.of(preset("softmax").config.replace(dataset=str(tmp_path / f"{name}.npz")))
        datasets[name] = dataset, asked(DescribeDataset(dataset, True))
    return datasets


@pytest.fixture
def side(engine, theme, datasets, show):
    return show(DatasetSide(engine, theme), 400, 740)


def test_statistics_duplicates_and_image_are_of_the_dataset_shown_again_and_again(
    qtbot, engine, side, datasets, asked, part_of
):
    counted, note = part_of(side, "statisticsLabel"), part_of(side, "duplicatesLabel")
    search, pairs = part_of(side, "findDuplicatesButton"), part_of(side, "duplicatePairs")
    assert isinstance(counted, QLabel)
    assert isinstance(note, QLabel)
    for name in ("few", "many", "few"):
        dataset, about = datasets[name]
        side.set_dataset(dataset, about)
        assert not counted.isVisible(), "those of the dataset before"
        part_of(side, "statisticsPanelButton").click()
        qtbot.waitUntil(lambda n=SIZES[name]: counted.text().startswith(f"{n} images"))
        part_of(side, "duplicatesPanelButton").click()
        assert search.isVisible()
        assert "makes the test too easy" in note.text()
        search.click()
        assert not search.isVisible()
        qtbot.waitUntil(lambda: "same" in note.text() and "Comparing" not in note.text())
        wait_until_idle(engine, side)
        assert not search.isVisible()
        side.set_image(asked(FetchImage(dataset, SIZES[name] - 1)))
        part_of(side, "imagePanelButton").click()
        assert part_of(side, "imageLabel").text() == f"Label {(SIZES[name] - 1) % 3}"
        side.set_dataset(None, None)
        assert not pairs.isVisible()
        assert part_of(side, "imageLabel").text() == ""


def test_a_search_that_is_cancelled_asks_nothing_more_and_another_one_begins_anew(
    engine, side, datasets, part_of, monkeypatch
):
    send, held = engine.datasets.send, []

    def hold(ticket):
        held.append(ticket) if isinstance(ticket.request, FindDuplicates) else send(ticket)

    monkeypatch.setattr(engine.datasets, "send", hold)
    side.set_dataset(*datasets["many"])
    part_of(side, "duplicatesPanelButton").click()
    search, cancel = part_of(side, "findDuplicatesButton"), part_of(side, "cancelDuplicatesButton")
    assert isinstance(search, QPushButton)
    for _ in range(2):
        search.click()
        assert (search.isVisible(), cancel.isVisible()) == (False, True)
        cancel.click()
        assert (search.isVisible(), cancel.isVisible()) == (True, False)
        while held:
            send(held.pop())
        wait_until_idle(engine, side)
        assert (search.isVisible(), held) == (True, [])
