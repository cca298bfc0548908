"""The bookmark in a saved image: the place in a latent space at which it was decoded, as a small view."""

import json
from dataclasses import replace

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.file_format import FORMAT, require_format
from cadl_gui.domain.view import View
from cadl_gui.system.bounded_json import parse
from cadl_gui.system.words import _

KEYWORD = "cadl"
"""Keyword of the text chunk in a PNG file."""

_PARTS = ("run", "at", "of_run")
_MOST_LETTERS = 100


def to_text(place: View, name: str) -> str:
    """Return the bookmark of a view's run at its position, as one line of JSON.

    Args:
        place: what is chosen for its run is stored, too.
        name: name of the run, for whoever has not opened it.
    """
    values = place.to_json()
    return json.dumps({"format": FORMAT, "name": name, **{part: values[part] for part in _PARTS}})


def from_text(text: str) -> tuple[View, str]:
    """Return the view and the name in a line that `to_text` returned.

    Raises:
        UserError: if the text is invalid or has a newer format.
    """
    try:
        values = parse(text.encode())
        require_format(values["format"], _("The bookmark in this image"))
        place = View.from_json({part: values[part] for part in _PARTS}, _refuse)
        place = replace(place, of_run={place.run: place.of_run[place.run]})
        name = str(values["name"])[:_MOST_LETTERS]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UserError(_("The bookmark in this image cannot be read.")) from error
    return place, name


def _refuse(error: Exception) -> None:
    raise error
