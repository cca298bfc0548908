"""The files that a view is stored in, in the program's folder and in sessions: itself, and its drawings.

Copies that figures hold are stored in the program's folder alone: a session comes from elsewhere, and their
pictures would be decoded here.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtGui import QImage

from cadl_gui.domain.drawing import Drawing
from cadl_gui.domain.drawing_form import DrawingForm
from cadl_gui.domain.labelled import Labelled, labelled_from_json, labelled_to_json
from cadl_gui.domain.view import Held, View
from cadl_gui.ui.figures.pixel_image import png_bytes
from cadl_gui.ui.work_store import Values

VIEW, DRAWING, LABELLED, HELD = "view", "drawing-", "labelled", "held"


def is_drawing(name: str) -> bool:
    """Return whether a file of this name has drawings."""
    return name == LABELLED or _form(name) is not None


def parts_of(view: View) -> dict[str, Values]:
    """Return what each file of a view holds, by the name of the file."""
    sheets = {f"{DRAWING}{key}": drawing.to_json for key, drawing in view.draw.sheets.items()}
    return {VIEW: view.to_json, **sheets, LABELLED: partial(labelled_to_json, view.draw.labelled)}


def view_of(parts: Mapping[str, Any], report: Callable[[str, Exception], None]) -> View:
    """Return the view whose files hold this.

    Args:
        parts: what `parts_of` returns, untrusted; what is missing is as at a first start.
        report: told of the files that are damaged, and why; what they hold is as at a first start, too.
    """
    view = View.from_json(parts.get(VIEW, {}), partial(report, VIEW))
    sheets: dict[str, Drawing] = {}
    labelled: tuple[Labelled, ...] = ()
    for name, values in parts.items():
        try:
            if name == LABELLED:
                labelled = tuple(labelled_from_json(values))
            elif (form := _form(name)) is not None:
                sheets[form.key] = Drawing.from_json(values, is_ink=form.is_ink)
        except ValueError as error:
            report(name, error)
    return replace(view, draw=replace(view.draw, sheets=sheets, labelled=labelled))


def held_to_json(held: Mapping[str, Held]) -> dict[str, Any]:
    """Return what the file of held copies has: by figure, the caption and the picture as PNG."""
    return {
        key: {"caption": copy.caption, "png": b64encode(png_bytes(copy.image)).decode()}
        for key, copy in held.items()
    }


def held_from_json(values: Mapping[str, Any]) -> dict[str, Held]:
    """Return the held copies of a file.

    Raises:
        ValueError: if one is damaged.
    """
    held = {}
    for key, copy in values.items():
        try:
            held[key] = Held(str(copy["caption"]), QImage.fromData(b64decode(copy["png"])))
        except (TypeError, KeyError) as error:
            raise ValueError(f"“{key}”: {error}") from error
        if held[key].image.isNull():
            raise ValueError(f"“{key}” is no picture")
    return held


def _form(name: str) -> DrawingForm | None:
    return DrawingForm.of_key(name.removeprefix(DRAWING)) if name.startswith(DRAWING) else None
