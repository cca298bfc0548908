"""What was found in a dataset, and how far it is prepared, as text."""

from datetime import datetime

from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.dataset_library import PreparedDataset
from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.formatting import count_text
from cadl_gui.engine.preparing import Preparing
from cadl_gui.system.file_limits import megabytes
from cadl_gui.system.words import _
from cadl_gui.ui.progress_text import duration_text

_MOST_NAMES = 12
"""Class names in a line."""


def found_text(preview: Preview) -> str:
    """Return classes, parts and guesses, each on lines of its own; "" if there are none."""
    names, lines = preview.class_names, []
    if names and names != numbered(len(names)):
        more = _(" and {n:,} more").format(n=len(names) - _MOST_NAMES) if len(names) > _MOST_NAMES else ""
        lines.append(_("Classes: {names}{more}").format(names=", ".join(names[:_MOST_NAMES]), more=more))
    if preview.n_validation or preview.n_test:
        n_train = preview.n - preview.n_validation - preview.n_test
        lines.append(
            _("Parts: {n_train:,} training, {n_validation:,} validation, {n_test:,} test").format(
                n_train=n_train, n_validation=preview.n_validation, n_test=preview.n_test
            )
        )
    return "\n".join([*lines, *preview.guesses])


def space_text(preview: Preview) -> str:
    """Return how much disk space the prepared dataset takes."""
    return _("Takes about {n_bytes} on disk.").format(n_bytes=megabytes(preview.n_bytes))


def prepared_text(prepared: PreparedDataset) -> str:
    """Return when a dataset was prepared, and how many images it has."""
    space = megabytes(prepared.n_bytes).replace(" ", "\u00a0")  # number and unit stay on one line
    about = f"{count_text(prepared.n, 'image')}, {space}"
    return _("Prepared with these options on {date}: {about}.").format(
        date=date_text(prepared.created), about=about
    )


def date_text(created: str) -> str:
    """Return a date and time, ISO 8601, in the local time zone: “2026-11-26 14:02”."""
    try:
        return f"{datetime.fromisoformat(created).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return created


def progress_text(preparing: Preparing) -> str:
    """Return how far the preparation is: “1,203 of 5,000 images · 12 s left”."""
    done, n = preparing.progress
    left = preparing.seconds_left
    return _("{done:,} of {n:,} images").format(done=done, n=n) + (
        "" if left is None else _(" · {duration} left").format(duration=duration_text(left))
    )
