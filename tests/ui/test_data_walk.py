"""What is chosen in Data holds for every dataset that has it; a class or an image is that of one dataset."""

from random import Random

import numpy as np
import pytest
from hand import choose_entry, drop, wheel
from PySide6.QtCore import QPoint
from seen import reported_at

pytestmark = pytest.mark.gui

LABELS = {"few": np.arange(40) % 3, "many": np.arange(70) * 7 % 10}
"""Of two datasets, whose images differ in number, brightness and classes."""


def brightness(name):
    return (np.arange(len(LABELS[name])) * 37 % 101 + 60).astype(np.uint8)


def order_of(name, label, sort):
    """The images that pass the filter, as they are sorted."""
    numbers = np.flatnonzero(LABELS[name] == label) if label is not None else np.arange(len(LABELS[name]))
    key = {"By brightness": brightness(name), "By class": LABELS[name]}.get(sort)
    return numbers if key is None else numbers[np.argsort(key[numbers], kind="stable")]


class Walk:
    """What was chosen so far, and of which dataset; one step changes one thing by hand."""

    def __init__(self, window, find, folder, seed):
        self.window, self.find, self.folder, self.random = window, find, folder, Random(seed)
        self.montage, self.tabs = find("datasetMontage"), find("tabs")
        self.name = self.of = "few"
        self.label, self.image, self.sort, self.page = None, None, "By number", "statistics"
        self.zoomed = {}
        self.drop()

    def drop(self):
        assert drop(self.window, self.folder / f"{self.name}.npz")
        self.tabs.setCurrentWidget(self.find("dataTab"))

    def turn_to(self):
        """What is chosen now is of this dataset."""
        if self.of != self.name:
            self.of, self.label, self.image = self.name, None, None
            self.page = "statistics" if self.page == "image" else self.page

    def step(self):
        steps = self.open, self.choose_label, self.choose_sort, self.choose_image, self.choose_page, self.hide
        steps = *steps, self.zoom, self.zoom
        self.random.choice(steps)()

    def open(self):
        self.name = "many" if self.name == "few" else "few"
        self.drop()

    def choose_label(self):
        self.turn_to()
        self.label = self.random.randrange(3)
        choose_entry(self.find("labelFilter"), str(self.label))

    def choose_sort(self):
        self.sort = self.random.choice(("By number", "By brightness", "By class"))
        choose_entry(self.find("sortCombo"), self.sort)

    def choose_image(self):
        self.turn_to()
        cells = self.cells()
        at = cells.index(self.image) + 5 if self.image in cells else 0
        self.image, self.page = cells[min(at, len(cells) - 1)], "image"
        self.montage.walk(lambda grid, cell: grid.stepped(cell, 5))
        self.zoomed.pop(self.order, None)  # it may have moved

    @property
    def order(self):
        return self.name, self.label if self.of == self.name else None, self.sort

    def zoom(self):
        wheel(self.montage, QPoint(153, 77), self.random.choice((240, 600)))
        self.zoomed[self.order] = self.texts()

    def texts(self):
        """What is where in the montage."""
        places = QPoint(30, 20), QPoint(211, 333)
        return [reported_at(self.montage, place).split(" · ")[0] for place in places]

    def choose_page(self):
        page = self.random.choice(("image", "statistics", "duplicates"))
        if page == "image":
            self.turn_to()
        self.page = page
        self.find(f"{page}PanelButton").click()

    def hide(self):
        self.tabs.setCurrentWidget(self.find("trainTab"))
        self.choose_label()
        self.choose_sort()
        self.tabs.setCurrentWidget(self.find("dataTab"))

    def cells(self):
        return order_of(*self.order).tolist()

    def is_shown(self):
        grid = self.montage.grid
        cells = [] if grid is None else grid.cells[grid.cells >= 0].tolist()
        return f"{self.name}.npz" in self.find("datasetLine").text() and cells == self.cells()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_walk_shows_what_is_chosen_for_the_dataset(qtbot, window, find, tmp_path, seed):
    for name, labels in LABELS.items():
        images = np.broadcast_to(brightness(name)[:, None, None, None], (len(labels), 8, 8, 1))
        np.savez(tmp_path / f"{name}.npz", images=images, labels=labels)
    walk = Walk(window, find, tmp_path, seed)
    for _ in range(12):
        qtbot.waitUntil(walk.is_shown)
        is_of_it = walk.of == walk.name
        assert find("datasetMontage").chosen == (walk.image if is_of_it else None)
        assert walk.texts() == walk.zoomed.get(walk.order, walk.texts())
        assert find("labelFilter").currentData() == (walk.label if is_of_it else None)
        page = "statistics" if walk.page == "image" and not is_of_it else walk.page
        assert find(f"{page}PanelButton").isChecked()
        walk.step()
