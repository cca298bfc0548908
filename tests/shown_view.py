"""The view that the window stores for the next start, in the folder `work`."""

import json
from pathlib import Path

from cadl_gui.domain.view import View


def stored_view(folder):
    """Return what is stored; an empty view if nothing is."""
    path = folder / "work" / "view.json"
    if not path.exists():
        return View()
    errors = []
    view = View.from_json(json.loads(path.read_text("utf-8")), errors.append)
    assert not errors
    return view


def stored_paths(folder):
    """Return where the runs of the stored view are, by key; {} if nothing is stored."""
    if not (folder / "work" / "view.json").exists():
        return {}
    values = json.loads((folder / "work" / "view.json").read_text("utf-8"))
    return {key: Path(path) for key, path in values["paths"].items()}


def store_view(folder, **parts):
    """Store a view that shows this, as the last session did."""
    (folder / "work").mkdir(exist_ok=True)
    (folder / "work" / "view.json").write_text(json.dumps({"format": 1, **View(**parts).to_json()}), "utf-8")
