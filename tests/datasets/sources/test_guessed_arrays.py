"""Arrays with any names and shapes are guessed, and the guess is said and can be changed."""

import zipfile
import zlib

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image
from preparing import prepare, reasons

from cadl_gui.datasets import plain_hdf5
from cadl_gui.datasets.array_guess import have_values, range_of, scaled
from cadl_gui.datasets.array_scan import BLOCK_BYTES
from cadl_gui.datasets.load import load, preview, scan
from cadl_gui.datasets.source import NotPreparedError
from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.file_limits import MOST_LABELS

IMAGES = np.random.default_rng(0).integers(0, 256, (30, 12, 10, 3), np.uint8)
LABELS = np.arange(30) % 4


def save(path, **arrays):
    if path.suffix == ".npz":
        np.savez_compressed(path, **arrays)
        return path
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file.create_dataset(name, data=array, compression="gzip" if np.ndim(array) else None)
    return path


def save_named(path, **arrays):
    """The program's own format, with texts."""
    if path.suffix == ".npz":
        np.savez(path, **arrays)
        return
    with h5py.File(path, "w") as file:
        for name, values in arrays.items():
            file[name] = values


@pytest.fixture(params=["npz", "h5"])
def path(request, tmp_path):
    return tmp_path / f"data.{request.param}"


def test_x_and_y_are_images_and_labels(path):
    save(path, X=IMAGES, y=LABELS)
    with pytest.raises(NotPreparedError, match="cadl data prepare"):
        load(str(path))
    assert scan(str(path)).preview.guesses == ("“X” taken as images, “y” as labels.",)
    store, report = prepare(path)
    np.testing.assert_array_equal(store.images[:], IMAGES)
    np.testing.assert_array_equal(store.labels, LABELS)
    assert (report.opened, store.file_names[3]) == (30, "X 3")


@pytest.mark.parametrize("test", ["test", "eval"])
def test_train_validation_and_test_are_parts(path, test):
    save(
        path,
        **{f"x_{test}": IMAGES[:5], f"y_{test}": LABELS[:5]},
        x_train=IMAGES[5:20],
        y_train=LABELS[5:20],
        x_val=IMAGES[20:],
        y_val=LABELS[20:],
    )
    store, _ = prepare(path)
    assert (store.n_validation, store.n_test) == (10, 5)
    np.testing.assert_array_equal(store.images[:], IMAGES[[*range(5, 30), *range(5)]])
    np.testing.assert_array_equal(store.labels, LABELS[[*range(5, 30), *range(5)]])


@pytest.mark.parametrize(
    ("stored", "expected", "guess"),
    [
        (IMAGES / np.float32(255), IMAGES, "0 is black and 1 is white."),
        (IMAGES.astype(np.float64) / 127.5 - 1, IMAGES, "-1 is black and 1 is white."),
        (IMAGES.astype(np.uint16) * 257, IMAGES, "0 is black and 65535 is white."),
        (IMAGES.astype(np.int64), IMAGES, None),
        (IMAGES > 127, np.where(IMAGES > 127, 255, 0), "0 is black and 1 is white."),
        (IMAGES.transpose(0, 3, 1, 2), IMAGES, "The channels come first."),
        (np.asfortranarray(IMAGES), IMAGES, None),
        (IMAGES[..., 0], IMAGES[..., :1], "The images have no channels: they are grey."),
        (IMAGES[:, :9, :9, 0].reshape(30, 81), IMAGES[:, :9, :9, :1], "Each row is a square grey image."),
    ],
)
def test_other_numbers_and_shapes_are_recognised(path, stored, expected, guess):
    save(path, data=stored)
    found = scan(str(path)).preview
    assert found.image_shape == expected.shape[1:]
    assert guess is None or guess in found.guesses
    np.testing.assert_array_equal(prepare(path)[0].images[:], expected)


@pytest.mark.parametrize(("white", "dtype"), [(16, np.float64), (15, np.uint8), (4095, np.uint16)])
def test_images_of_few_grey_levels_or_of_twelve_bits_are_not_almost_black(path, white, dtype):
    """Such are the digits of scikit-learn, of 0 to 16, and what cameras and scanners of 12 bits make."""
    levels = np.rint(IMAGES / 255 * white).astype(dtype)
    save(path, data=levels)
    power = white if white == 16 else white + 1
    assert f"0 is black and {power} is white." in scan(str(path)).preview.guesses
    np.testing.assert_array_equal(prepare(path)[0].images[:], np.rint(levels * (255 / power)))


def test_a_dark_beginning_does_not_tell_what_is_white(path, rng):
    """As of a film that fades in: all that follows became white. The beginning is more than a block."""
    fading = rng.integers(0, 256, (2 * BLOCK_BYTES // (8 * 64 * 48), 64, 48, 1), np.uint8)
    fading[: len(fading) * 3 // 4] = 0
    save(path, frames=fading)
    np.testing.assert_array_equal(prepare(path)[0].images[:], fading)


@pytest.mark.parametrize("labels", [LABELS[:, None], np.eye(4)[LABELS], LABELS.astype(np.float32)])
def test_labels_may_be_a_column_one_hot_or_decimal(path, labels):
    save(path, images=IMAGES.astype(np.float32), labels=labels)
    np.testing.assert_array_equal(prepare(path)[0].labels, LABELS)


@pytest.mark.parametrize("shape", [(30,), (30, 1)])
@pytest.mark.parametrize("kind", ["fixed", "any length"])
def test_labels_may_be_texts(path, kind, shape):
    """Class names are in natural order, whatever the order of the images."""
    texts = np.array(["Katze 10", "dog", "Übung", "Katze 9"])[LABELS].reshape(shape)
    encoded = np.char.encode(texts, "utf-8")
    if path.suffix == ".npz":
        save(path, images=IMAGES, labels=texts if kind == "any length" else encoded)
    else:
        save_named(path, images=IMAGES, labels=texts.astype(object) if kind == "any length" else encoded)
    assert scan(str(path)).preview.guesses == ("“images” taken as images, “labels” as labels.",)
    store, _ = prepare(path)
    assert store.class_names == ("dog", "Katze 9", "Katze 10", "Übung")
    assert [store.class_names[label] for label in store.labels] == texts.reshape(-1).tolist()


def test_texts_that_are_numbers_are_labels_by_themselves(path):
    save(path, images=IMAGES, labels=np.char.encode((LABELS * 4).astype(str)))
    store, _ = prepare(path)
    np.testing.assert_array_equal(store.labels, LABELS * 4)
    assert store.class_names == tuple(str(number) for number in range(13))


def test_the_classes_of_texts_are_those_of_all_parts(path):
    save(path, x_train=IMAGES[:20], y_train=np.repeat([b"b", b"c"], 10), x_test=IMAGES[20:],
         y_test=np.repeat([b"a", b"c"], 5))  # fmt: skip
    store, _ = prepare(path)
    assert store.class_names == ("a", "b", "c")
    np.testing.assert_array_equal(store.labels, np.repeat([1, 2, 0, 2], [10, 10, 5, 5]))


def test_names_of_classes_beside_the_images_are_no_labels_of_theirs(path):
    names = {"class_names": np.array([b"a", b"b"]), "label_texts": np.repeat([b"a", b"b"], 15)}
    save(path, x=IMAGES, class_names=names["class_names"])
    assert scan(str(path)).preview.guesses == ("“x” taken as images, nothing as labels.",)
    save(path.with_stem("numbers too"), x=IMAGES, targets_of_all=LABELS, **names)
    np.testing.assert_array_equal(prepare(path.with_stem("numbers too"))[0].labels, LABELS)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.full(30, "\N{LATIN SMALL LETTER A WITH DIAERESIS}".encode("latin-1")), "encoding than UTF-8"),
        (np.array([b""] * 15 + [b"a"] * 15), "has no name that can be shown"),
        (np.array([b"a\nb"] * 30), "has no name that can be shown"),
    ],
    ids=["latin-1", "empty", "two lines"],
)
def test_texts_that_are_no_names_are_refused(path, labels, message):
    save(path, images=IMAGES, labels=labels)
    with pytest.raises(DatasetError, match=message):
        scan(str(path))


def test_texts_as_labels_of_one_part_only_are_refused(path):
    save(path, x_train=IMAGES[:20], y_train=np.full(20, b"a"), x_test=IMAGES[20:], y_test=LABELS[20:])
    with pytest.raises(DatasetError, match="texts as labels in “y_train” but numbers in “y_test”"):
        scan(str(path))


def test_long_text_that_all_images_share_is_damage(tmp_path):
    """A file of a megabyte would fill gigabytes of memory."""
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["images"] = IMAGES
        file.create_dataset("labels", data=["a" * 10_000] * 30, dtype=h5py.string_dtype())
    with pytest.raises(DatasetError, match="is damaged"):
        scan(str(tmp_path / "data.h5"))


def test_the_guess_can_be_changed(path):
    save(path, a=IMAGES, b=255 - IMAGES[:20], digits=LABELS[:20], y=LABELS)
    store, _ = prepare(path, images="b", labels="digits")
    np.testing.assert_array_equal(store.images[:], 255 - IMAGES[:20])
    np.testing.assert_array_equal(store.labels, LABELS[:20])
    with pytest.raises(
        DatasetError, match=r"data\..*” holds no array that could be “c”: .* There are “a” \(30, 12"
    ):
        scan(f"{path}:images=c")


@pytest.mark.parametrize("grey", [False, True])
def test_images_are_cropped_also_to_the_size_that_they_have(path, grey):
    square = IMAGES[:, :10]
    save(path, X=square)
    store, _ = prepare(path, size=10, crop_factor=0.5, grey=grey)
    middle = Image.fromarray(square[7]).convert("L" if grey else "RGB")
    middle = middle.resize((10, 10), Image.Resampling.BICUBIC, box=(2.5, 2.5, 7.5, 7.5))
    np.testing.assert_array_equal(store.images[:][7].squeeze(), np.asarray(middle))


def test_labels_are_of_the_part_of_their_images(path):
    """As many of one part as of another would fit, too."""
    save(path, x_train=IMAGES[:15], y_train=LABELS[:15], x_test=IMAGES[15:], y_test=LABELS[15:])
    np.testing.assert_array_equal(prepare(path, images="x_train")[0].labels, LABELS[:15])
    np.testing.assert_array_equal(prepare(path, images="x_test")[0].labels, LABELS[15:])
    for asked in ("y_train", "y_test"):
        np.testing.assert_array_equal(prepare(path, labels=asked)[0].labels, LABELS)
    np.testing.assert_array_equal(prepare(path, images="x_test", labels="y_train")[0].labels, LABELS[:15])


def test_labels_of_another_part_are_not_those_of_images_that_are_alone(path):
    save(path, x_train=IMAGES[:15], x_test=IMAGES[15:, :6, :6], y_test=LABELS[15:])
    assert scan(str(path)).preview.guesses == ("“x_train” taken as images, nothing as labels.",)


def test_of_several_kinds_of_labels_each_part_has_the_same(path):
    fine, coarse = LABELS, LABELS // 2
    save(
        path,
        x_train=IMAGES[:20], fine_labels_train=fine[:20], labels_train=coarse[:20],
        x_test=IMAGES[20:], fine_labels_test=fine[20:], labels_test=coarse[20:],
    )  # fmt: skip
    for asked in ("fine_labels_train", "fine_labels_test"):
        np.testing.assert_array_equal(prepare(path, labels=asked)[0].labels, fine)
    np.testing.assert_array_equal(prepare(path)[0].labels, coarse)


def test_labels_that_one_part_does_not_have_are_refused(path):
    save(path, x_train=IMAGES[:20], kinds=LABELS[:20], x_test=IMAGES[20:], y_test=LABELS[20:])
    with pytest.raises(DatasetError, match="no labels like “kinds” for the images in “x_test”"):
        scan(f"{path}:labels=kinds")
    np.testing.assert_array_equal(prepare(path, images="x_train", labels="kinds")[0].labels, LABELS[:20])


@pytest.mark.parametrize(
    "labels",
    [LABELS[:, None], np.eye(4)[LABELS], LABELS.astype(np.float32)],
    ids=["column", "one-hot", "float"],
)
def test_a_file_that_is_named_as_a_store_but_shaped_otherwise_is_prepared(path, labels):
    save(path, images=IMAGES, labels=labels)
    np.testing.assert_array_equal(prepare(path)[0].images[:], IMAGES)
    np.testing.assert_array_equal(prepare(path)[0].labels, LABELS)


def test_bytes_whose_channels_come_first_are_prepared_whatever_their_name(path):
    save_named(path, images=IMAGES.transpose(0, 3, 1, 2), labels=LABELS)
    np.testing.assert_array_equal(prepare(path)[0].images[:], IMAGES)


def test_transparent_images_are_laid_over_a_background_whatever_their_name(path, rng):
    transparent = rng.integers(0, 256, (30, 12, 10, 4), np.uint8)
    save_named(path, images=transparent, labels=LABELS)
    store, _ = prepare(path)
    ground = Image.new("RGBA", (10, 12), "white")
    ground.alpha_composite(Image.fromarray(transparent[7]))
    np.testing.assert_array_equal(store.images[:][7], np.asarray(ground.convert("RGB")))
    np.testing.assert_array_equal(store.labels, LABELS)


def test_packed_images_and_texts_beside_them_are_read_under_any_name(tmp_path):
    """HDF5 of the program's own format is neither packed nor has other texts."""
    packed, with_texts = tmp_path / "packed.h5", tmp_path / "texts.h5"
    save(packed, images=IMAGES, labels=LABELS)
    save_named(with_texts, images=IMAGES, labels=LABELS, author=["somebody"])
    for path in (packed, with_texts):
        store, _ = prepare(path)
        np.testing.assert_array_equal(store.images[:], IMAGES)
        np.testing.assert_array_equal(store.labels, LABELS)


def test_a_store_is_opened_as_it_is_and_prepared_only_if_options_change_it(path):
    save(path, images=IMAGES, labels=LABELS) if path.suffix == ".npz" else None
    if path.suffix == ".h5":
        with h5py.File(path, "w") as file:
            file["images"], file["labels"] = IMAGES, LABELS
    assert scan(str(path)) is None
    assert (preview(str(path)).n, preview(str(path)).image_shape) == (30, IMAGES.shape[1:])
    changed = preview(f"{path}:size=6,grey=on,limit=11")
    assert (changed.n, changed.image_shape) == (11, (6, 6, 1))
    np.testing.assert_array_equal(load(str(path)).images[:], IMAGES)
    store, _ = prepare(path, size=8, grey=True, limit=10)
    assert store.images.shape == (10, 8, 8, 1)
    assert load(str(path)).images.shape == IMAGES.shape


def test_a_store_that_is_prepared_with_options_keeps_names_and_parts(path):
    names = {"class_names": ["cat", "dog", "ship"], "file_names": [f"{number}.png" for number in range(30)]}
    numbers = {"n_validation": 4, "n_test": 6, "is_sequence": 1, "format": 1}
    save_named(path, images=IMAGES, labels=LABELS % 2, **names, **numbers)
    as_it_is, (store, _) = load(str(path)), prepare(path, size=8)
    assert store.image_shape == (8, 8, 3)
    for each in (as_it_is, store):
        assert each.class_names == ("cat", "dog", "ship")
        assert each.file_names == tuple(names["file_names"])
        assert (each.n_validation, each.n_test, each.is_sequence) == (4, 6, True)
    some, _ = prepare(path, limit=10)
    assert some.file_names == ("0.png", *(f"{n}.png" for n in (3, 6, 10, 13, 16, 19, 23, 26, 29)))
    assert (some.n_validation, some.n_test) == (1, 2)
    assert some.class_names == ("cat", "dog", "ship")


def test_names_that_are_of_other_labels_or_too_few_are_not_taken(path):
    save_named(path, images=IMAGES, labels=LABELS, targets=LABELS % 2, class_names=["cat", "dog"])
    assert prepare(path, size=8)[0].class_names == ("0", "1", "2", "3")
    assert prepare(path, size=8, labels="targets")[0].class_names == ("0", "1")


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"X": IMAGES, "y": LABELS[:29]}, "30 images in “X” but 29 labels in “y”"),
        ({"X": IMAGES, "y": LABELS - 1}, "has the label -1"),
        ({"X": IMAGES, "y": LABELS + MOST_LABELS}, f"has the label {MOST_LABELS + 3}"),
        ({"X": IMAGES, "y": LABELS + 0.5}, "which are whole numbers"),
        ({"X": IMAGES, "y": np.ones((30, 4))}, "its rows are not one-hot"),
    ],
)
def test_labels_that_do_not_match_are_named(path, arrays, message):
    save(path, **arrays)
    with pytest.raises(DatasetError, match=rf"data\.\w+” .*{message}|in “.*data\.\w+” .*{message}"):
        scan(str(path))


@pytest.mark.parametrize(
    "arrays", [{"a": np.arange(5)}, {"x": np.zeros((3, 4, 3))}, {"text": np.array(["a"], "S1")}]
)
def test_files_without_images_are_named(path, arrays):
    save(path, **arrays)
    with pytest.raises(DatasetError, match=r"data\.\w+” holds no images"):
        load(str(path))


def test_a_link_to_another_file_is_not_followed(tmp_path):
    save(tmp_path / "other.h5", X=IMAGES)
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["X"] = h5py.ExternalLink("other.h5", "X")
        file.create_dataset("raw", (30, 12, 10, 3), np.uint8, external=[("raw.bin", 0, IMAGES.nbytes)])
    (tmp_path / "raw.bin").write_bytes(IMAGES.tobytes())
    with pytest.raises(DatasetError, match="holds no images"):
        load(str(tmp_path / "data.h5"))


def test_a_group_of_too_many_arrays_is_refused_before_it_is_listed(tmp_path, monkeypatch):
    """HDF5 lists a group with Python's lock held: of 12,000 arrays, the window stood still for 0.1 s."""
    with h5py.File(tmp_path / "data.h5", "w") as file:
        for i in range(6):
            file[f"{i}"] = IMAGES
    monkeypatch.setattr(h5py.Group, "visititems", lambda *_: pytest.fail("the group was listed"))
    with h5py.File(tmp_path / "data.h5") as file, pytest.raises(ValueError, match="at most 5 arrays"):
        plain_hdf5.visit_items(file, lambda *_: None, most_items=5)


def test_a_file_that_would_unpack_to_gigabytes_is_refused(path):
    save(path, X=np.zeros((2000, 100, 100, 4), np.uint8))
    with pytest.raises(DatasetError, match="would unpack from"):
        scan(str(path))


@pytest.mark.parametrize(
    ("shape", "look", "complaint"),
    [
        ("(-5, 28, 28)", load, "holds no images, or is damaged"),
        ("(5, -28, -28)", load, "holds no images, or is damaged"),
        (f"({10**307}, 28, 28)", scan, "claims to hold 1,000,000,000,000 MB"),
    ],
)
def test_an_array_with_fewer_than_no_rows_or_more_than_can_be_is_refused(tmp_path, shape, look, complaint):
    header = b"{'descr': '|u1', 'fortran_order': False, 'shape': " + shape.encode() + b", }"
    with zipfile.ZipFile(tmp_path / "forged.npz", "w") as archive:
        archive.writestr("x.npy", b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header + bytes(9))
    with pytest.raises(DatasetError, match=rf"forged\.npz” {complaint}"):
        look(str(tmp_path / "forged.npz"))


def test_what_a_list_of_members_says_of_packed_sizes_is_not_believed(tmp_path):
    """Here, that 130 MB were not packed at all, so that they would be read."""
    path = save(tmp_path / "data.npz", x=np.zeros((130_000, 1000), np.uint8).reshape(-1, 10, 10))
    content = bytearray(path.read_bytes())
    place = content.rindex(b"PK\1\2") + 20
    content[place : place + 4] = (2**31).to_bytes(4, "little")
    path.write_bytes(content)
    # Since Python 3.13 `zipfile` itself does not believe it, when the file is loaded.
    with pytest.raises(DatasetError, match=r"would unpack from|or is damaged"):
        assert scan(str(path)) is not None or load(str(path))


def test_rows_that_lie_scattered_over_gigabytes_are_refused(tmp_path):
    header = b"{'descr': '|u1', 'fortran_order': True, 'shape': (200000, 28, 28), }"
    data = np.random.default_rng(0).integers(0, 256, 10**7, np.uint8).tobytes()
    with zipfile.ZipFile(tmp_path / "data.npz", "w") as archive:
        archive.writestr("x.npy", b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header + data)
    with pytest.raises(DatasetError, match="157 MB have to be read at once: at most 134 MB"):
        scan(str(tmp_path / "data.npz"))


def hdf5_with_chunk(path, chunk_rows, content, **options):
    with h5py.File(path, "w") as file:
        images = file.create_dataset(
            "x", (10, 8, 8), np.uint8, chunks=(chunk_rows, 8, 8), maxshape=(None, 8, 8), **options
        )
        images.id.write_direct_chunk((0, 0, 0), content)
    return path


def test_chunks_of_gigabytes_are_refused_although_the_array_is_small(tmp_path):
    path = hdf5_with_chunk(tmp_path / "data.h5", 2**22, zlib.compress(bytes(10)), compression="gzip")
    with pytest.raises(DatasetError, match="268 MB have to be read at once"):
        scan(str(path))


def test_a_chunk_that_unpacks_to_more_than_it_holds_is_damage(tmp_path):
    """HDF5 itself would unpack all of it."""
    path = hdf5_with_chunk(tmp_path / "data.h5", 10, zlib.compress(bytes(10**6)), compression="gzip")
    with pytest.raises(DatasetError, match="is damaged"):
        scan(str(path))


def test_one_hot_labels_are_read_in_pieces(path, rng):
    """Here in three."""
    labels = rng.integers(0, 250, 5 * BLOCK_BYTES // (2 * 8 * 250))
    save(path, images=np.resize(IMAGES, (len(labels), 6, 5)), labels=np.eye(250, dtype=np.uint8)[labels])
    np.testing.assert_array_equal(prepare(path)[0].labels, labels)


def test_scattered_rows_are_prepared_in_pieces(tmp_path, rng):
    """As a whole, an array takes thirteen times its memory while it is scaled."""
    together = BLOCK_BYTES // (8 * 64 * 48)
    images = rng.integers(0, 256, (2 * together + 5, 64, 48, 1), np.uint8)
    np.savez(tmp_path / "data.npz", x=np.asfortranarray(images))
    (task,) = scan(str(tmp_path / "data.npz")).tasks()
    assert [len(block.images) for block in task.blocks()] == [together, together, 5]
    np.testing.assert_array_equal(prepare(tmp_path / "data.npz")[0].images[:], images)


@pytest.mark.parametrize("value", [2**62, -(2**63), 70_000], ids=str)
def test_images_of_one_huge_value_are_black_and_it_is_said(path, value):
    save(path, data=np.full((5, 6, 7), value, np.int64))
    found = scan(str(path)).preview
    assert f"All values are {float(value):g}: the images are black." in found.guesses
    np.testing.assert_array_equal(prepare(path)[0].images[:], np.zeros((5, 6, 7, 1)))


def test_images_between_the_ends_of_their_number_type_keep_their_levels(path):
    levels = np.linspace(-1, 1, 5 * 6 * 7).reshape(5, 6, 7)
    save(path, data=levels * 1e308)
    expected = np.rint((levels + 1) / 2 * 255)[..., np.newaxis]
    np.testing.assert_allclose(prepare(path)[0].images[:], expected, atol=1)


def test_images_without_a_number_are_refused_and_single_ones_are_skipped(path):
    save(path, data=np.full((5, 6, 7), np.nan))
    with pytest.raises(DatasetError, match=r"“data” in “.*” has only NaN and infinity"):
        scan(str(path))
    mixed = IMAGES[..., 0].astype(np.float64)
    mixed[0], mixed[3], mixed[4, 0, 0] = np.nan, np.inf, np.nan
    path.unlink()
    save(path, data=mixed, labels=LABELS)
    store, report = prepare(path)
    assert reasons(report) == dict.fromkeys(["data 0", "data 3"], "has only NaN and infinity")
    kept = [row for row in range(30) if row not in {0, 3}]
    np.testing.assert_array_equal(store.labels, LABELS[kept])
    np.testing.assert_array_equal(store.images[3:, ..., 0], IMAGES[kept[3:], ..., 0])


DTYPES = [np.bool_, *"bBhHiIqQefdg"]


@st.composite
def blocks_of_extremes(draw):
    dtype = np.dtype(draw(st.sampled_from(DTYPES)))
    if dtype.kind == "f":
        about = np.finfo(dtype)
        values = [0, 1, -1, 255, about.max, about.min, about.tiny, about.eps, np.nan, np.inf, -np.inf]
    elif dtype.kind in "iu":
        about = np.iinfo(dtype)
        values = [0, 1, 17, 127, about.max, about.max - 1, about.min, about.min + 1]
    else:
        values = [False, True]
    shapes = st.tuples(st.integers(1, 2), st.just(2), st.integers(1, 2), st.just(1))
    pixels = st.sampled_from(np.array(values, dtype).tolist() if dtype.kind != "f" else values)
    return draw(st.lists(arrays(dtype, shapes, elements=pixels), min_size=1, max_size=3))


@given(blocks=blocks_of_extremes())
def test_any_numbers_become_bytes_in_their_order(blocks):
    """No warning, no error, black and white at the ends, and the order of values kept."""
    levels = range_of(blocks)
    are_finite = [have_values(block).any() for block in blocks]
    if levels is None:
        assert not any(are_finite)
        return
    black, white = levels
    assert np.isfinite(levels).all()
    assert black <= white
    for block in blocks:
        images = scaled(block, black, white)
        assert images.dtype == np.uint8
        with np.errstate(over="ignore"):
            values = block.astype(np.float64).ravel()
        order = np.argsort(values[np.isfinite(values)], kind="stable")
        assert (np.diff(images.ravel()[np.isfinite(values)][order].astype(int)) >= 0).all()
        if black < white:
            assert (images.ravel()[values == white] == 255).all()
            assert (images.ravel()[values == black] == 0).all()
