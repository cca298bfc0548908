"""The kinds of datasets that are prepared: valid specimens, how to damage them, and how to prepare them."""

import io
import pickle
import zipfile
from fractions import Fraction
from pathlib import Path

import h5py
import numpy as np

from hostile import array_files, films, forgeries, image_files, image_folders, pickles, tars, zips
from hostile.kind import Content, Files, Kind
from hostile.mutations import BYTES, escaping_member, of_bytes

# --- what is done with them ---


def look(path: Path) -> object:
    """Look for images as the window does; returns what can be prepared, or what is opened as it is."""
    from cadl_gui.datasets.load import load, preview, scan

    found = scan(str(path))
    if found is not None:
        return found
    preview(str(path))
    return load(str(path))


def prepare(found: object) -> None:
    """Prepare what was found, and read it again."""
    from cadl_gui.datasets.load import load
    from cadl_gui.datasets.preparing.scan import Scan
    from cadl_gui.domain.preparing_options import dataset_text

    if not isinstance(found, Scan):
        return
    for _ in found.prepare(2):
        pass
    store = load(dataset_text(str(found.path), found.options))
    assert store.images[:10].shape[1:] == found.preview.image_shape


# --- whole specimens ---

_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def film_specimens(folder: Path) -> list[Files]:
    codecs = {
        "mp4": "libx264", "mkv": "mpeg4", "avi": "mpeg4", "webm": "libvpx", "mpg": "mpeg1video",
        "ts": "mpeg2video", "wmv": "wmv2", "flv": "flv1", "mov": "mjpeg",
    }  # fmt: skip
    return [
        {f"a.{suffix}": films.film(suffix, codec, 20, (48, 32), Fraction(25))}
        for suffix, codec in codecs.items()
    ]


def cifar_folders(folder: Path) -> list[Files]:
    return [_cifar(is_binary=False), _cifar(is_binary=True)]


def cifar_archives(folder: Path) -> list[Files]:
    return [
        {f"a.{suffix}": tars.archive(_cifar(is_binary=is_binary), mode)}
        for suffix, mode, is_binary in (("tar.gz", "w:gz", False), ("tgz", "w:gz", True), ("tar", "w", False))
    ]


def _cifar(*, is_binary: bool) -> dict[str, Content]:
    random, files = np.random.default_rng(0), dict[str, Content]()
    for name in ("data_batch_1", "test_batch"):
        pixels, labels = random.integers(0, 256, (4, 3072), np.uint8), [0, 3, 9, 3]
        if is_binary:
            rows = np.concatenate([np.array(labels, np.uint8)[:, None], pixels], axis=1)
            files[f"{name}.bin"] = rows.tobytes()
        else:
            values = {b"data": pixels, b"labels": labels, b"filenames": [f"{i}.png" for i in labels]}
            files[name] = pickle.dumps(values, 2)
    meta = "\n".join(_NAMES).encode() if is_binary else pickle.dumps({"label_names": list(_NAMES)}, 2)
    return files | {"batches.meta.txt" if is_binary else "batches.meta": meta}


def folders(folder: Path) -> list[Files]:
    images = image_files.all_formats()
    plain = {f"{'ab'[i % 2]}/{name}": data for i, (name, data) in enumerate(images.items())}
    rows = "".join(f"{name},{'ab'[i % 2]}\n" for i, name in enumerate(images))
    lines = "".join(f'{{"file_name": "{name}", "label": {i % 2}}}\n' for i, name in enumerate(images))
    return [
        plain,
        {f"{part}/{name}": data for part in ("train", "test") for name, data in plain.items()},
        images | {"metadata.csv": f"file_name,label\n{rows}".encode()},
        images | {"metadata.jsonl": lines.encode()},
    ]


def zip_specimens(folder: Path) -> list[Files]:
    specimens = []
    for files in folders(folder):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                assert isinstance(data, bytes)
                archive.writestr(name, data)
        specimens.append({"a.zip": buffer.getvalue()})
    return specimens


def any_arrays(folder: Path) -> list[Files]:
    random = np.random.default_rng(0)
    images = random.random((12, 6, 5, 3)).astype(np.float32)
    labels = np.arange(12) % 4
    packed, plain = io.BytesIO(), io.BytesIO()
    np.savez_compressed(packed, x_train=images, y_train=labels, x_test=images[:3], y_test=labels[:3])
    np.savez(plain, data=np.asfortranarray(images.astype(np.uint8)), target=np.eye(4)[labels])
    first = io.BytesIO()
    with h5py.File(first, "w") as file:
        file.create_dataset("train/x", data=images, chunks=(4, 6, 5, 3), compression="gzip", shuffle=True)
        file.create_dataset("train/y", data=labels, compression="lzf")
    flat = io.BytesIO()
    with h5py.File(flat, "w") as file:
        file["features"] = random.integers(0, 256, (12, 64), np.uint8)
    return [
        {"a.npz": packed.getvalue()}, {"b.npz": plain.getvalue()}, {"a.h5": first.getvalue()},
        {"b.h5": flat.getvalue()},
    ]  # fmt: skip


# --- the kinds ---

_TAR = (*BYTES, of_bytes, *tars.CHANGES, *tars.CHANGES)
_IMAGES = (*BYTES, *image_files.CHANGES)

DATASET_KINDS = (
    Kind("film", "*", film_specimens, {"*": (*BYTES, *BYTES, *films.CHANGES)}, look, prepare),
    Kind(
        "CIFAR-10 folder",
        "",
        cifar_folders,
        {"*.bin": BYTES, "*.txt": BYTES, "*": (*BYTES, *pickles.CHANGES, *pickles.CHANGES)},
        look,
        prepare,
        (tars.very_many_batches, tars.endless_batches),
    ),
    Kind("CIFAR-10 archive", "*", cifar_archives, {"*": _TAR}, look, prepare),
    Kind(
        "folder of images",
        "",
        folders,
        {"metadata.*": (*BYTES, *image_folders.METADATA), "*": _IMAGES},
        look,
        prepare,
        image_folders.WHOLES,
    ),
    Kind("zip of images", "*", zip_specimens, {"*": (*BYTES, escaping_member, *zips.CHANGES)}, look, prepare),
    Kind(
        "arrays of any names",
        "*",
        any_arrays,
        {
            "*.npz": (of_bytes, forgeries.very_many_members, *array_files.NPZ_CHANGES),
            "*.h5": (of_bytes, *array_files.HDF5_CHANGES),
        },
        look,
        prepare,
    ),
)
