"""Labels that are texts: the names of classes, or numbers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.preparing.found_files import natural_key
from cadl_gui.domain.class_names import numbered, validated_class_name
from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.file_limits import MOST_LABELS
from cadl_gui.system.words import _

_FEW_LABELS, _USED_SHARE = 256, 1 / 4
"""Numbers below the former are labels by themselves, larger ones if so many of those up to them are used:
years would otherwise be two thousand classes, nearly all of them empty.
"""


def labels_of_texts(texts: Sequence[str]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Number the classes: in natural order, or by themselves if they are small numbers.

    Args:
        texts: the text of each image, at least one.

    Returns:
        Labels, (n,) int64, and class names by label.

    Raises:
        DatasetError: if a text cannot be the name of a class.
    """
    distinct = set(texts)
    if all(_is_label(text) for text in distinct):
        n_classes = max(map(int, distinct)) + 1
        if n_classes <= _FEW_LABELS or len(distinct) >= _USED_SHARE * n_classes:
            return np.array([int(text) for text in texts], np.int64), numbered(n_classes)
    try:
        names = {text: validated_class_name(text) for text in sorted(distinct, key=natural_key)}
    except ValueError as error:
        raise DatasetError(
            _("A class has no name that can be shown: {error}.").format(error=error)
        ) from error
    number_of = {text: number for number, text in enumerate(names)}
    return np.array([number_of[text] for text in texts], np.int64), tuple(names.values())


def _is_label(text: str) -> bool:
    return text.isascii() and text.isdigit() and str(int(text[:6])) == text and int(text) < MOST_LABELS
