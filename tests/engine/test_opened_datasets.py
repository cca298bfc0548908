"""A dataset that the user opens is that of the next run once its header was read; others are not touched."""

import threading
from types import SimpleNamespace

import pytest

from cadl_gui.datasets.sources import SOURCES
from cadl_gui.domain.dataset_library import DatasetLibrary
from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.presets import preset
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.opened_datasets import OpenedDatasets
from cadl_gui.engine.view_state import ViewState

pytestmark = pytest.mark.gui


class Files:
    """Datasets by path. Each can be read once it is released; those read are noted."""

    def __init__(self):
        self.previews = {"/few": Preview(26, (8, 6, 3), ("a", "b")), "/many": Preview(900, (6, 8, 1), ())}
        self.may_be_read = {path: threading.Event() for path in (*self.previews, "/bad")}
        self.read = []

    def preview(self, path):
        assert self.may_be_read[path].wait(60)
        self.read.append(path)
        if path not in self.previews:
            raise DatasetError(f"“{path}” is no dataset.")
        return self.previews[path]


@pytest.fixture
def files():
    files = Files()
    yield files
    for event in files.may_be_read.values():
        event.set()


@pytest.fixture
def view():
    return ViewState()


@pytest.fixture
def jobs(qapp):
    jobs = BackgroundJobs()
    yield jobs
    jobs.join(60)


@pytest.fixture
def opened(files, view, jobs):
    prepared = [SimpleNamespace(dataset="/few")]
    library = DatasetLibrary(preview=files.preview, prepared=lambda: prepared)
    return OpenedDatasets(SOURCES, library, jobs, view)


@pytest.fixture
def wait_for(qtbot, files, opened):
    """Lets a dataset be read, and waits until it was."""

    def wait_for(path):
        with qtbot.waitSignal(opened.seen):
            files.may_be_read[path].set()

    return wait_for


def test_an_opened_dataset_is_the_next_runs_with_a_batch_size_that_fits(view, opened, wait_for):
    before = "mnist"
    for n, (path, batch_size) in enumerate((("/few", "2"), ("/many", "100"), ("/few", "2")), 1):
        opened.open(path)
        assert path in opened
        assert (view.value.next["dataset"], opened.n_opened) == (before, n - 1), (
            "its images are not known yet"
        )
        wait_for(path)
        assert (view.value.next["dataset"], view.value.next["batch_size"]) == (path, batch_size)
        before = path
    opened.open("mnist")
    assert (view.value.next, opened.n_opened) == (NextRun(), 4)


def test_only_the_dataset_opened_last_counts_however_late_the_others_are_read(view, opened, wait_for):
    opened.open("/few")
    opened.open("/many")
    wait_for("/many")
    assert view.value.next["dataset"] == "/many"
    wait_for("/few")
    assert view.value.next["dataset"] == "/many"
    assert opened.preview_of("/few").n == 26, "it is known all the same"


def test_a_dataset_that_is_read_sooner_than_the_one_opened_last_changes_nothing(view, opened, wait_for):
    opened.open("/few")
    opened.open("/many")
    wait_for("/few")
    assert (view.value.next, opened.n_opened) == (NextRun(), 0)
    wait_for("/many")
    assert (view.value.next["dataset"], opened.n_opened) == ("/many", 1)


def test_what_is_opened_again_is_read_again_even_if_nothing_else_changes(view, files, opened, wait_for):
    opened.open("/many")
    wait_for("/many")
    before, rendered = view.value.next, []
    view.bind(opened, lambda: opened.n_opened, lambda: rendered.append(opened.preview_of("/many").n))
    for n, batch_size in ((30, "2"), (900, "100"), (901, "100")):
        files.previews["/many"] = Preview(n, (6, 8, 1), ())
        opened.open("/many")
        wait_for("/many")
        assert view.value.next == before.replace(batch_size=batch_size)
    assert rendered == [900, 30, 900, 901], "once each, although the last changes nothing"


def test_a_dataset_that_cannot_be_read_says_so_until_it_can(view, files, opened, wait_for):
    opened.open("/bad")
    wait_for("/bad")
    assert view.value.next["dataset"] == "/bad"
    assert (opened.preview_of("/bad"), opened.message_about("/bad")) == (None, "“/bad” is no dataset.")
    files.previews["/bad"] = Preview(70, (4, 4, 1), ())
    opened.open("/bad")
    wait_for("/bad")
    assert (opened.preview_of("/bad").n, opened.message_about("/bad")) == (70, "")


def test_a_path_that_only_a_view_names_is_not_touched_unless_it_was_prepared_here(
    view, jobs, files, opened, qtbot
):
    for event in files.may_be_read.values():
        event.set()
    vae = NextRun.of(preset("vae").config)
    for path in ("/many", "/few", "/bad"):
        view.change(next=vae.replace(dataset=path))
    qtbot.waitUntil(lambda: jobs.is_idle)
    assert files.read == ["/few"]
    assert (opened.preview_of("/few").n, opened.preview_of("/many")) == (26, None)
    assert not any(path in opened for path in ("/many", "/few", "/bad", "mnist"))
    assert view.value.next == vae.replace(dataset="/bad"), "an answer changes nothing"
