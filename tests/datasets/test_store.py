"""A dataset consists of read-only images, a fingerprint, and a split that never changes."""

import hashlib
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stores import store

from cadl_gui.datasets.split import split
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import ConfigurationError, DatasetError

LARGE = (400, 400, 3)
"""Images of which 34 fit into a block."""


def dataset(n=40, n_test=10, labels=True, shape=(2, 3, 1)):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (n, *shape), dtype=np.uint8)
    return store("made up", images, np.arange(n) % 10 if labels else None, n_test)


def split_with(dataset, seed=1, batch_size=1, scheme="official"):
    return split(dataset, RunConfig.of(preset="test", seed=seed, batch_size=batch_size, split=scheme))


def test_arrays_are_read_only_and_those_of_the_caller_stay_writeable():
    images = np.zeros((3, 2, 2, 1), np.uint8)
    made = store("made up", images, np.zeros(3, np.int64), 1)
    with pytest.raises(ValueError, match="read-only"):
        made.images[:][0] = 1
    with pytest.raises(ValueError, match="read-only"):
        made.labels[0] = 1
    images[0] = 1


def test_images_are_floats_from_0_to_1_by_slice_and_by_index():
    made = dataset(shape=(4, 4, 3))
    images = made.as_floats(slice(0, 5))
    assert images.dtype == np.float32
    assert images.shape == (5, 4, 4, 3)
    np.testing.assert_allclose(images, made.images[:5] / 255, rtol=1e-6)
    np.testing.assert_array_equal(made.as_floats(np.array([4, 1])), images[[4, 1]])


def test_black_and_white_become_exactly_0_and_1():
    made = store("extremes", np.array([0, 255], np.uint8).reshape(2, 1, 1, 1), None, 0)
    assert made.as_floats(slice(None)).ravel().tolist() == [0.0, 1.0]


def test_the_fingerprint_depends_on_everything_that_decides_a_training():
    original = dataset()
    flipped = original.images[:].copy()
    flipped[7, 1, 2, 0] ^= 1
    relabelled = original.labels.copy()
    relabelled[3] += 1
    others = [
        store("made up", flipped, original.labels, 10),
        store("made up", original.images[:], relabelled, 10),
        store("made up", original.images[:], None, 10),
        store("made up", original.images[:], original.labels, 9),
        store("made up", original.images[:].reshape(40, 3, 2, 1), original.labels, 10),
    ]
    prints = [original.fingerprint, *(other.fingerprint for other in others)]
    assert len(set(prints)) == len(prints)
    assert store("another name", original.images[:], original.labels, 10).fingerprint == original.fingerprint


@pytest.mark.parametrize(
    ("n", "n_classes", "n_test", "message"),
    [(0, 0, 0, "no images"), (3, 2, 0, "3 images but 2 labels"), (3, 3, 3, "nothing but test images")],
)
def test_arrays_that_do_not_belong_together_are_refused(n, n_classes, n_test, message):
    with pytest.raises(DatasetError, match=message):
        store("bad", np.zeros((n, 2, 2, 1), np.uint8), np.zeros(n_classes, np.int64), n_test)


@given(n=st.integers(3, 400), share=st.floats(0, 0.9), seed=st.integers(0, 2**31 - 1))
def test_the_three_parts_are_disjoint_and_together_everything(n, share, seed):
    n_test = min(int(n * share), n - 2)
    parts = split_with(store("made up", np.zeros((n, 1, 1, 1), np.uint8), None, n_test), seed)
    assert {part.dtype for part in (parts.train, parts.validation, parts.test)} == {np.dtype(np.int32)}
    together = np.concatenate([parts.train, parts.validation, parts.test])
    assert np.array_equal(np.sort(together), np.arange(n))
    assert len(parts.validation) == max(1, (n - len(parts.test)) // 10)
    if n_test:
        assert parts.test.tolist() == list(range(n - n_test, n))


@pytest.mark.parametrize(("n_test", "scheme"), [(0, "official"), (100, "official"), (100, "fractions")])
def test_a_seed_repeats_its_split_and_another_makes_another(n_test, scheme):
    made = dataset(400, n_test)
    first, again, other = (split_with(made, seed, scheme=scheme) for seed in (1, 1, 2))
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(getattr(first, part), getattr(again, part))
        is_official = part == "test" and n_test and scheme == "official"
        assert np.array_equal(getattr(first, part), getattr(other, part)) == bool(is_official)


def test_the_split_is_the_same_for_ever():
    """Checkpoints store only the seed of their split, so these numbers must never change."""
    parts = split_with(dataset(60, 0), seed=1)
    assert parts.test.tolist() == [8, 9, 41, 44, 45, 51]
    assert parts.validation.tolist() == [16, 24, 26, 27, 54]


@given(n=st.integers(3, 400), seed=st.integers(0, 2**31 - 1), n_test=st.integers(0, 2))
def test_fractions_are_taken_of_everything_whatever_the_official_test_part(n, seed, n_test):
    made = store("made up", np.zeros((n, 1, 1, 1), np.uint8), None, n_test)
    parts = split_with(made, seed, scheme="fractions")
    assert len(parts.validation) == len(parts.test) == max(1, n // 10)
    together = np.concatenate([parts.train, parts.validation, parts.test])
    assert np.array_equal(np.sort(together), np.arange(n))
    for part in (parts.train, parts.validation, parts.test):
        assert part.dtype == np.int32
        assert (np.diff(part) > 0).all()


def as_version_1_split(n, n_test, seed, scheme):
    """Test and validation images as the program took them before fractions could be chosen."""
    keys = np.random.PCG64(np.random.SeedSequence([seed, 0x73706C74]))
    tenth = max(1, n // 10)
    if scheme == "fractions":
        test, validation, _ = np.split(np.argsort(keys.random_raw(n), kind="stable"), [tenth, 2 * tenth])
        return sorted(test), sorted(validation)
    order = np.argsort(keys.random_raw(n - n_test), kind="stable")
    test, order = (np.arange(n - n_test, n), order) if n_test else np.split(order, [tenth])
    return sorted(test), sorted(order[: max(1, len(order) // 10)])


@given(
    n=st.integers(3, 2000),
    seed=st.integers(0, 2**31 - 1),
    n_test=st.integers(0, 1),
    scheme=st.sampled_from(["official", "fractions"]),
)
def test_by_itself_every_split_is_what_it_was_before_there_were_fractions(n, seed, n_test, scheme):
    parts = split_with(store("made up", np.zeros((n, 1, 1, 1), np.uint8), None, n_test), seed, scheme=scheme)
    test, validation = as_version_1_split(n, n_test, seed, scheme)
    assert (parts.test.tolist(), parts.validation.tolist()) == (test, validation)


def test_a_tenth_is_a_tenth_of_any_number():
    assert [np.floor(n * 0.1) for n in range(300_000)] == [n // 10 for n in range(300_000)]


def test_official_validation_images_are_those_before_the_test_images():
    made = store("made up", np.zeros((20, 1, 1, 1), np.uint8), None, 3, n_validation=5)
    parts = split_with(made)
    assert parts.train.tolist() == list(range(12))
    assert parts.validation.tolist() == list(range(12, 17))
    assert parts.test.tolist() == list(range(17, 20))
    untested = split_with(store("made up", np.zeros((20, 1, 1, 1), np.uint8), None, 0, n_validation=5))
    assert untested.validation.tolist() == list(range(15, 20))
    assert len(untested.test) == 1
    assert untested.test[0] < 15


def test_fractions_are_taken_of_what_has_no_part():
    config = RunConfig.of(preset="test", batch_size=1, validation_fraction=0.25, test_fraction=0.4)
    parts = split(dataset(100, 0), config)
    assert [len(part) for part in (parts.test, parts.validation, parts.train)] == [40, 15, 45]
    parts = split(dataset(100, 0), config.replace(split="fractions"))
    assert [len(part) for part in (parts.test, parts.validation, parts.train)] == [40, 25, 35]
    assert len(split(dataset(100, 20), config).validation) == 20


@pytest.mark.parametrize("scheme", ["official", "fractions"])
def test_frames_of_a_film_are_split_in_blocks_so_that_few_have_a_neighbour_elsewhere(scheme):
    film = store("film", np.zeros((1000, 1, 1, 1), np.uint8), None, 0, is_sequence=True)
    parts = split_with(film, scheme=scheme)
    part_of = np.zeros(1000, int)
    for number, part in enumerate((parts.train, parts.validation, parts.test)):
        part_of[part] = number
    assert np.count_nonzero(np.diff(part_of)) <= 10
    assert [len(part) for part in (parts.validation, parts.test)] == [
        90 if scheme == "official" else 100,
        100,
    ]
    assert not np.array_equal(parts.test, split_with(film, seed=2, scheme=scheme).test)
    few = store("film", np.zeros((5, 1, 1, 1), np.uint8), None, 0, is_sequence=True)
    assert len(split_with(few).train) == 3


def test_parts_and_sequences_change_the_fingerprint_and_those_without_keep_theirs():
    """The fingerprint is in runs on disk."""
    images = np.arange(6, dtype=np.uint8).reshape(6, 1, 1, 1)
    plain = store("made up", images, None, 1)
    expected = hashlib.sha256(repr(((6, 1, 1, 1), 1)).encode() + bytes(range(6))).hexdigest()
    assert plain.fingerprint == expected
    validated = store("made up", images, None, 1, n_validation=2)
    sequence = store("made up", images, None, 1, is_sequence=True)
    assert len({each.fingerprint for each in (plain, validated, sequence)}) == 3
    labelled = validated.with_labelled(store("more", images, None, 0))
    assert (labelled.n_validation, labelled.n_own) == (2, 6)


def test_mnist_in_fractions_is_the_lectures_56_7_and_7_thousand():
    parts = split_with(
        store("MNIST", np.zeros((70_000, 1, 1, 1), np.uint8), None, 10_000), scheme="fractions"
    )
    assert [len(p) for p in (parts.train, parts.validation, parts.test)] == [56_000, 7_000, 7_000]
    assert parts.test.min() < 60_000  # of all images, not of the official test part alone


def test_number_of_labels_is_that_of_the_largest():
    assert dataset(40).n_classes == 10
    assert dataset(40, labels=False).n_classes == 0
    images = np.zeros((2, 1, 1, 1), np.uint8)
    assert store("sparse", images, np.array([0, 46]), 0).n_classes == 47


def test_too_few_images_for_a_split_or_a_batch():
    with pytest.raises(DatasetError, match="too few images"):
        split_with(dataset(2, 0), seed=1)
    with pytest.raises(ConfigurationError, match=r"27 images to train with: .*2 recommended") as raised:
        split_with(dataset(40, 10), seed=1, batch_size=28)
    assert raised.value.field == "batch_size"
    assert len(split_with(dataset(40, 10), seed=1, batch_size=27).train) == 27


@given(
    st.sampled_from(["official", "fractions"]),
    st.integers(1, 9),
    st.integers(1, 5),
    st.integers(0, 2**31 - 1),
)
def test_labelled_images_are_learned_from_and_move_no_other_image(scheme, n_labelled, repeats, seed):
    own, labelled = dataset(), dataset(n=n_labelled, n_test=0)
    config = RunConfig.of(
        preset="test",
        seed=seed,
        batch_size=1,
        split=scheme,
        labelled_repeats=repeats,
        labelled_examples="x.npz",
    )
    before, after = split(own, config), split(own.with_labelled(labelled), config)
    for name in ("validation", "test"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name))
    np.testing.assert_array_equal(after.train[: len(before.train)], before.train)
    added = after.train[len(before.train) :]
    np.testing.assert_array_equal(added, 40 + np.repeat(np.arange(n_labelled), repeats))
    np.testing.assert_array_equal(own.with_labelled(labelled).labels[added], labelled.labels[added - 40])


def test_labelled_images_are_part_of_the_fingerprint():
    own = dataset()
    labelled = own.with_labelled(dataset(n=3, n_test=0))
    as_own = store("made up", labelled.images[:], labelled.labels, own.n_test)
    assert len({own.fingerprint, labelled.fingerprint, as_own.fingerprint}) == 3


@pytest.mark.parametrize(
    ("labelled", "message"),
    [
        (dataset(shape=(3, 3, 1)), "“made up” are 3×3×1, not 2×3×1"),
        (dataset(labels=False), "labels that “made up” does not have"),
        (store("made up", np.zeros((1, 2, 3, 1), np.uint8), np.array([10]), 0), "labels that"),
    ],
)
def test_labelled_images_have_to_suit(labelled, message):
    with pytest.raises(DatasetError, match=message):
        dataset().with_labelled(labelled)


def test_images_without_labels_take_labelled_ones_without_theirs():
    assert dataset(labels=False).with_labelled(dataset(n=3, n_test=0)).labels is None


def test_the_mean_of_some_images_is_exact_in_every_bit():
    """There is more than one block."""
    made, which = dataset(shape=LARGE), np.tile([3, 3, 17, 39], 11)
    expected = made.images[which].mean(axis=0, dtype=np.float64) / 255
    np.testing.assert_array_equal(made.images.mean(which), expected)


def test_unnamed_classes_are_named_by_number():
    assert dataset().class_names == tuple("0123456789")
    assert dataset(labels=False).class_names == ()
    blank = np.zeros((3, 2, 2, 1), np.uint8)
    named = store("pets", blank, np.array([0, 1, 1]), 0, class_names=("cat", "dog"))
    assert named.n_classes == 2


def test_a_class_without_images_is_still_one():
    blank, names = np.zeros((2, 2, 2, 1), np.uint8), ("cat", "dog", "ship")
    assert store("pets", blank, np.array([0, 1]), 0, class_names=names).n_classes == 3


@pytest.mark.parametrize(
    ("shape", "margin", "expected"),
    [((9, 9, 1), 0, True), ((9, 9, 1), 200, False), ((9, 9, 3), 0, True), ((9, 9, 3), 200, False)],
)
def test_ink_on_black_has_a_black_margin(shape, margin, expected):
    images = np.full((5, *shape), 255, np.uint8)
    images[:, [0, -1]] = margin
    images[:, :, [0, -1]] = margin
    assert store("margins", images, None, 0).is_ink_on_black is expected


def test_what_was_labelled_is_not_copied_behind_the_images():
    own, labelled = dataset(shape=(100, 100, 3)), dataset(3, 0, shape=(100, 100, 3))
    tracemalloc.start()
    both = own.with_labelled(labelled)
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most_bytes < own.images.nbytes / 2
    together = np.concatenate([own.images[:], labelled.images[:]])
    which = np.array([41, 2, 40])
    np.testing.assert_array_equal(both.images[which], together[which])
    np.testing.assert_array_equal(both.images[:], together)
