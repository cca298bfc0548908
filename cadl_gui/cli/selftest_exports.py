"""The steps of a self-test that write files for other programs."""

from functools import partial

from cadl_gui.cli.selftest_hand import Hand, Waiting
from cadl_gui.cli.selftest_runner import Step
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.exports import FORMATS, Exported, Format
from cadl_gui.domain.requests import Reconstruct
from cadl_gui.pictures.files import WRITERS, save
from cadl_gui.pictures.film import Film


def export_steps() -> list[Step]:
    """One for each format of a network, and one for films."""
    networks = [
        Step(f"export as {made.label}, load it back", partial(_exports, made)) for made in FORMATS.values()
    ]
    return [*networks, Step("write films", _writes_films)]


def _exports(made: Format, hand: Hand) -> Waiting:
    """Export the newest run; that it is loaded back and compared is part of every export."""
    exported: list[Exported] = []
    hand.engine.exporting.exported.connect(exported.append)
    path = hand.folder / f"Prüfung{made.suffix}"
    hand.engine.exporting.start(hand.engine.runs[-1], None, made.name, "", path)
    yield lambda: exported
    if exported[0].path != path or not path.exists():
        raise CadlError(f"it was exported to {exported[0].path}")


def _writes_films(hand: Hand) -> Waiting:
    run = hand.engine.runs[-1]
    examples = run.description.examples
    assert examples is not None, "the run was trained here"
    pictures = yield from hand.answer(Reconstruct(run.run_id, None, examples))
    for suffix in WRITERS:
        path = hand.folder / f"Prüfung{suffix}"
        save(Film.of(pictures[:12], side_px=112), path)
        if path.stat().st_size == 0:
            raise CadlError(f"{path.name} is empty")
