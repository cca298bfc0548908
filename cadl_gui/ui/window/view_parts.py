"""The files that a view is stored in, in the program's folder and in sessions: itself, and its drawings."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from cadl_gui.domain.drawing import Drawing
from cadl_gui.domain.drawing_form import DrawingForm
from cadl_gui.domain.labelled import Labelled, labelled_from_json, labelled_to_json
from cadl_gui.domain.view import View
from cadl_gui.ui.work_store import Values

VIEW, DRAWING, LABELLED = "view", "drawing-", "labelled"


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


def _form(name: str) -> DrawingForm | None:
    return DrawingForm.of_key(name.removeprefix(DRAWING)) if name.startswith(DRAWING) else None
