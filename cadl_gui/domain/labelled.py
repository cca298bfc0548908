"""Drawings with the labels that the user gave them."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.drawing_form import DrawingForm
from cadl_gui.system.file_limits import MOST_CLASS_NAME_CHARACTERS, MOST_LABELS


@dataclass(frozen=True, eq=False)
class Labelled:
    """A drawing with its label.

    Attributes:
        form: the form of the drawing.
        class_names: names of the classes among which it was chosen, by label.
        image: (height, width, channels) uint8.
        label: the label.
        saved: path of the file that has all drawings of this form and these classes; "" if none has.
    """

    form: DrawingForm
    class_names: tuple[str, ...]
    image: NDArray[np.uint8]
    label: int
    saved: str = ""

    @property
    def sheet(self) -> tuple[DrawingForm, tuple[str, ...]]:
        """What drawings have in common that are saved in one file."""
        return self.form, self.class_names


def labelled_to_json(drawings: Sequence[Labelled]) -> dict[str, Any]:
    """Return a representation that can be written as JSON."""
    sheets = [
        {
            "form": form.key,
            "class_names": class_names,
            "drawings": [
                [each.label, base64.b64encode(each.image.tobytes()).decode("ascii"), each.saved]
                for each in group
            ],
        }
        for (form, class_names), group in groupby(drawings, lambda each: each.sheet)
    ]
    return {"sheets": sheets}


def labelled_from_json(values: Any) -> tuple[Labelled, ...]:
    """Return the drawings that `labelled_to_json` stored.

    Raises:
        ValueError: if these are not the values of labelled drawings.
    """
    try:
        return tuple(drawing for sheet in values["sheets"] for drawing in _sheet(sheet))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"These are not labelled drawings: {error!r:.100}") from error


def _sheet(values: Any) -> list[Labelled]:
    form, names = DrawingForm.of_key(values["form"]), tuple(values["class_names"])
    are_names = all(isinstance(name, str) and len(name) <= MOST_CLASS_NAME_CHARACTERS for name in names)
    if form is None or not are_names or len(names) > MOST_LABELS:
        raise ValueError("There is no such form, or a name is none.")
    drawings = []
    for label, pixels, saved in values["drawings"]:
        image = np.frombuffer(base64.b64decode(pixels, validate=True), np.uint8)
        if type(label) is not int or not 0 <= label < len(names) or not isinstance(saved, str):
            raise ValueError("There is no such class, or the name of its file is none.")
        if image.size != prod(form.shape):
            raise ValueError("An image has another size than its form.")
        drawings.append(Labelled(form, names, image.reshape(form.shape), label, saved))
    return drawings
