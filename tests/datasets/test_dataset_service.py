"""Questions about datasets, compared with NumPy."""

import dataclasses
import unicodedata

import numpy as np
import pytest
from run_through import run_through

from cadl_gui.datasets.dataset_service import DatasetService
from cadl_gui.datasets.load import load
from cadl_gui.datasets.split import split
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.dataset_answers import PARTS, Duplicates
from cadl_gui.domain.dataset_requests import (
    ComputeStatistics,
    DatasetRef,
    DatasetRequest,
    DescribeDataset,
    FetchImage,
    FetchImages,
    FindDuplicates,
    ImageSelection,
    MontageTile,
    OrderImages,
    RenderTiles,
    ShrinkImages,
)
from cadl_gui.domain.errors import CadlError, DatasetError
from cadl_gui.domain.requests import FetchTestImage

N = 600
IMAGES = np.random.default_rng(0).integers(0, 256, (N, 12, 10, 3), np.uint8)
LABELS = np.random.default_rng(1).integers(0, 4, N)


@pytest.fixture
def ref(tmp_path):
    """A dataset in a file that the user has chosen."""
    path = tmp_path / "noise.npz"
    np.savez(path, images=IMAGES, labels=LABELS)
    return DatasetRef.of(RunConfig.of(preset="test", dataset=str(path), seed=3))


@pytest.fixture
def service(ref):
    service = DatasetService()
    answer(service, DescribeDataset(ref, is_asked_for=True))
    return service


def answer(service, request):
    _, (position, value) = run_through(service.respond_in_parts(request))
    assert position is None
    return value


def shrink(service, ref):
    while answer(service, ShrinkImages(ref)) < 1:
        pass


def test_a_description_says_what_is_in_it_and_how_it_is_split(service, ref):
    about = answer(service, DescribeDataset(ref))
    assert (about.n, about.image_shape, about.class_names) == (N, (12, 10, 3), ("0", "1", "2", "3"))
    np.testing.assert_array_equal(about.labels, LABELS)
    config = RunConfig.of(preset="test", dataset=ref.config.dataset, seed=3)
    parts = split(load(ref.config.dataset), config)
    for name, which in zip(PARTS, (parts.train, parts.validation, parts.test), strict=True):
        assert np.flatnonzero(about.parts == PARTS.index(name)).tolist() == sorted(which.tolist())
    assert sum(about.part_counts) == N
    assert f"{N} images of 12×10 in colour · 4 classes" in str(about)
    assert about.split == "486 training, 54 validation, 60 test"


def test_another_seed_splits_otherwise(service, ref):
    other = dataclasses.replace(ref, split_seed=4)
    parts = [answer(service, DescribeDataset(each)).parts for each in (ref, other)]
    assert (parts[0] != parts[1]).any()


def test_what_is_too_small_to_train_on_can_be_looked_at(tmp_path):
    path = tmp_path / "few.npz"
    np.savez(path, images=IMAGES[:5])
    ref = DatasetRef.of(RunConfig.of(preset="test", dataset=str(path)))
    about = answer(DatasetService(), DescribeDataset(ref, is_asked_for=True))
    assert (about.n, about.labels) == (5, None)


def test_a_path_that_a_file_names_is_not_looked_up(tmp_path):
    path = tmp_path / "unasked.npz"
    np.savez(path, images=IMAGES, labels=LABELS)
    ref = DatasetRef.of(RunConfig.of(preset="test", dataset=str(path)))
    service = DatasetService()
    with pytest.raises(DatasetError, match="not looked up unless you ask"):
        answer(service, DescribeDataset(ref))
    for request in (FetchImage(ref, 0), ShrinkImages(ref)):
        with pytest.raises(DatasetError, match="must be opened"):
            answer(service, request)


def test_statistics_are_those_of_numpy(service, ref):
    found = answer(service, ComputeStatistics(ref))
    scaled = IMAGES / 255
    np.testing.assert_allclose(found.mean, scaled.mean(axis=0))
    np.testing.assert_allclose(found.standard_deviation, scaled.std(axis=0))
    for label in range(4):
        of_class = scaled[label == LABELS]
        np.testing.assert_allclose(found.class_means[label], of_class.mean(axis=0))
        np.testing.assert_allclose(found.class_standard_deviations[label], of_class.std(axis=0))
    assert found.class_counts.tolist() == np.bincount(LABELS).tolist()
    assert found.part_counts == (486, 54, 60)
    assert answer(service, ComputeStatistics(ref)) is found, "computed once"


def test_statistics_without_labels_have_no_classes(tmp_path):
    path = tmp_path / "plain.npz"
    np.savez(path, images=IMAGES)
    ref = DatasetRef.of(RunConfig.of(preset="test", dataset=str(path)))
    service = DatasetService()
    answer(service, DescribeDataset(ref, is_asked_for=True))
    found = answer(service, ComputeStatistics(ref))
    np.testing.assert_allclose(found.mean, (IMAGES / 255).mean(axis=0))
    assert found.class_means.shape == (0, 12, 10, 3)
    assert found.class_counts.shape == (0,)


def test_an_image_comes_with_all_that_is_known_of_it(service, ref):
    found = answer(service, FetchImage(ref, 17))
    np.testing.assert_array_equal(found.image, IMAGES[17])
    assert (found.number, found.label, found.file_name) == (17, LABELS[17], "")
    assert found.part == PARTS[answer(service, DescribeDataset(ref)).parts[17]]
    with pytest.raises(CadlError, match="no image 600"):
        answer(service, FetchImage(ref, N))


def test_images_are_sorted_and_filtered(service, ref):
    def order(errors=None, **options):
        return answer(service, OrderImages(ref, ImageSelection(**options), errors)).tolist()

    parts = answer(service, DescribeDataset(ref)).parts
    assert order() == list(range(N))
    assert order(label=2) == np.flatnonzero(LABELS == 2).tolist()
    assert order(part=1) == np.flatnonzero(parts == 1).tolist()
    assert order(part=2, label=1) == np.flatnonzero((parts == 2) & (LABELS == 1)).tolist()
    assert order(key="class") == np.argsort(LABELS, kind="stable").tolist()
    bright = IMAGES.mean(axis=(1, 2, 3))
    assert (np.diff(bright[order(key="brightness")]) > -0.01).all(), "also before the images were shrunk"
    errors = np.random.default_rng(2).random(N, np.float32)
    assert order(key="error", errors=errors) == np.argsort(-errors, kind="stable").tolist()
    errors[::3] = -1
    kept = [number for number in range(N) if number % 3]
    assert order(errors=errors) == kept, "a network takes the others for another class"
    assert order(label=2, errors=errors) == [number for number in kept if LABELS[number] == 2]
    assert order(key="error", errors=errors) == sorted(kept, key=lambda number: -errors[number])


def test_names_are_searched_and_sorted_as_people_do(ref):
    names = tuple(f"{'Cat' if i % 2 else 'dog'} {i}.png" for i in range(N))
    named = dataclasses.replace(load(ref.config.dataset), file_names=names)
    service = DatasetService(lambda _: named)
    other = dataclasses.replace(ref, split_seed=9)
    about = answer(service, DescribeDataset(other))
    found = answer(service, OrderImages(other, ImageSelection(key="name", text="cAT"))).tolist()
    assert found == list(range(1, N, 2))
    assert answer(service, FetchImage(other, 3)).file_name == "Cat 3.png"
    assert about.text_of(3).split(" · ")[2] == "Cat 3.png"


@pytest.mark.parametrize(("stored", "typed"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_letters_that_a_mac_takes_apart_are_found(ref, stored, typed):
    names = [f"{'Über' if i % 2 else 'Uhr'} {i}.png" for i in range(N)]
    names = tuple(unicodedata.normalize(stored, name) for name in names)
    named = dataclasses.replace(load(ref.config.dataset), file_names=names)
    service = DatasetService(lambda _: named)
    other = dataclasses.replace(ref, split_seed=9)
    answer(service, DescribeDataset(other))
    selection = ImageSelection(text=unicodedata.normalize(typed, "über"))
    assert answer(service, OrderImages(other, selection)).tolist() == list(range(1, N, 2))


def test_tiles_show_the_images_of_their_cells(service, ref):
    shrink(service, ref)
    cells = np.arange(N, dtype=np.int32)[::-1].reshape(20, 30)
    full, small = answer(service, RenderTiles(ref, cells, (MontageTile(16, 1, 1), MontageTile(64, 0, 0))))
    assert full.shape == (4 * 12, 14 * 10, 4)
    np.testing.assert_array_equal(full[:12, :10, :3], IMAGES[cells[16, 16]])
    assert small.shape == (20 * 4, 30 * 3, 4)
    mean = IMAGES[cells[0, 0]][:3, :3].mean()
    assert abs(small[0, 0, :3].mean() - mean) < 25


def test_versions_that_are_not_kept_are_made_from_the_images(service, ref, monkeypatch):
    shrink(service, ref)
    cells = np.arange(N, dtype=np.int32).reshape(20, 30)
    kept = answer(service, RenderTiles(ref, cells, (MontageTile(32, 0, 0),)))[0]
    monkeypatch.setattr("cadl_gui.imaging.montage.pyramid.Pyramid.has", lambda *_: False)
    made = answer(service, RenderTiles(ref, cells, (MontageTile(32, 0, 0),)))[0]
    assert np.abs(kept.astype(int) - made).max() <= 1


def test_a_file_that_has_changed_is_opened_again_before_anything_else_is_said_of_it(service, ref):
    np.savez(ref.config.dataset, images=IMAGES[:100], labels=LABELS[:100])
    for request in (FetchImage(ref, 500), ShrinkImages(ref), OrderImages(ref, ImageSelection())):
        with pytest.raises(DatasetError, match="has changed: it must be opened again"):
            answer(service, request)
    assert answer(service, DescribeDataset(ref)).n == 100
    assert len(answer(service, OrderImages(ref, ImageSelection()))) == 100


def test_other_questions_are_a_mistake(service, ref):
    with pytest.raises(TypeError):
        answer(service, FetchTestImage("run", 0))
    with pytest.raises(TypeError):
        answer(service, DatasetRequest(ref))


def test_several_images_are_fetched_in_the_order_asked_for(service, ref):
    found = answer(service, FetchImages(ref, (7, 3, 599)))
    np.testing.assert_array_equal(found, IMAGES[[7, 3, 599]])


def test_a_search_for_duplicates_goes_on_until_it_has_found_them(tmp_path):
    images = IMAGES.copy()
    images[300:310] = images[:10]
    path = tmp_path / "twice.npz"
    np.savez(path, images=images, labels=LABELS)
    ref, service = DatasetRef.of(RunConfig.of(preset="test", dataset=str(path))), DatasetService()
    parts = answer(service, DescribeDataset(ref, is_asked_for=True)).parts
    across = {(i, 300 + i) for i in range(10) if parts[i] != parts[300 + i]}
    for starts in (False, False, True):  # also anew, and in the middle of another search
        progress, found = [], answer(service, FindDuplicates(ref, starts=starts))
        while not isinstance(found, Duplicates):
            assert isinstance(found, float)
            progress.append(found)
            found = answer(service, FindDuplicates(ref))
        assert progress == sorted(progress)
        assert {tuple(sorted((pair.first, pair.second))) for pair in found.pairs} == across
        answer(service, FindDuplicates(ref))
