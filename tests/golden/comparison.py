"""Compares outputs, exactly or within tolerances."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

_SHARE, _LEAST = 5e-3, 1e-4
"""Relative and absolute tolerance of numbers."""

_LEVELS, _MEAN_LEVELS = 12, 1.0
"""Tolerance of a pixel in a small copy, and of their mean, of 255."""

_BITS = "sha256"


def differences(
    now: dict[str, Any],
    committed: dict[str, Any],
    images: dict[str, Image.Image],
    folder: Path,
    *,
    exactly: bool,
) -> list[str]:
    """Return one line for each difference.

    Args:
        now: current outputs by name.
        committed: committed outputs by name.
        images: small copies of the current images by name.
        folder: folder with the committed copies.
        exactly: whether to compare hashes and the last bit of numbers.
    """
    reported = _differences("", now, committed, exactly=exactly)
    known = {path.stem: path for path in folder.glob("*.png")}
    reported += _only("image", images, known)
    for name in sorted(images.keys() & known.keys()):
        with Image.open(known[name]) as before:
            reported += _other_pixels(name, images[name], before)
    return reported


def _differences(where: str, now: Any, committed: Any, *, exactly: bool) -> list[str]:
    if isinstance(now, dict) and isinstance(committed, dict):
        reported = _only(where, now, committed)
        for key in committed.keys() & now.keys():
            reported += _differences(f"{where} {key}", now[key], committed[key], exactly=exactly)
        return sorted(reported)
    if isinstance(now, list) and isinstance(committed, list) and len(now) == len(committed):
        pairs = enumerate(zip(now, committed, strict=True))
        return [line for i, (a, b) in pairs for line in _differences(f"{where}[{i}]", a, b, exactly=exactly)]
    if now == committed or (not exactly and _is_close(where, now, committed)):
        return []
    return [f"{where.strip()}: {committed!r} became {now!r}"]


def _only(where: str, now: Collection[str], committed: Collection[str]) -> list[str]:
    reported = [f"{where} {name}: only now" for name in now if name not in committed]
    reported += [f"{where} {name}: only committed" for name in committed if name not in now]
    return [line.strip() for line in reported]


def _is_close(where: str, now: Any, committed: Any) -> bool:
    if isinstance(now, float) and isinstance(committed, float):
        return abs(now - committed) <= max(_LEAST, _SHARE * abs(committed))
    return where.endswith(_BITS)


def _other_pixels(name: str, now: Image.Image, before: Image.Image) -> list[str]:
    if now.size != before.size:
        return [f"image {name}: {before.size} became {now.size}"]
    off = np.abs(np.asarray(now, np.int16) - np.asarray(before.convert("RGB"), np.int16))
    if off.max() <= _LEVELS and off.mean() <= _MEAN_LEVELS:
        return []
    return [f"image {name}: pixels are off by up to {off.max()} levels, by {off.mean():.2f} on average"]
