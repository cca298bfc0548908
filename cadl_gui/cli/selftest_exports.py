"""The steps of a self-test that export networks and films."""

from functools import partial

from cadl_gui.cli.selftest_driver import UiDriver, Waiting
from cadl_gui.cli.selftest_runner import Step
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.exports import FORMATS, TENSORBOARD, Exported, ExportedLog, Format
from cadl_gui.domain.requests import Reconstruct
from cadl_gui.pictures.files import WRITERS, save
from cadl_gui.pictures.frame_sequence import FrameSequence


def export_steps() -> list[Step]:
    """Return one step for each export format of networks, and one for films."""
    networks = [
        Step(f"export as {made.label}, load it back", partial(_exports, made)) for made in FORMATS.values()
    ]
    return [*networks, Step("write films", _writes_films)]


def log_step() -> Step:
    """Return the step that exports a log; the newest run must have completed an epoch."""
    return Step(f"export as {TENSORBOARD.label}", _exports_log)


def _exports(made: Format, driver: UiDriver) -> Waiting:
    """Export the newest run; every export loads itself back and compares its outputs."""
    exported: list[Exported] = []
    driver.engine.exporting.exported.connect(exported.append)
    path = driver.folder / f"Prüfung{made.suffix}"
    driver.engine.exporting.start(driver.engine.runs[-1], None, made.name, "", path)
    yield lambda: exported
    if exported[0].path != path or not path.exists():
        raise CadlError(f"it was exported to {exported[0].path}")


def _exports_log(driver: UiDriver) -> Waiting:
    """Export all recorded epochs of the newest run."""
    exported: list[ExportedLog] = []
    driver.engine.exporting.exported.connect(exported.append)
    run, path = driver.engine.runs[-1], driver.folder / "Prüfung Protokoll"
    epochs = [position for position in run.recorded if position.step == 0]
    driver.engine.exporting.start_log(run, epochs, path)
    yield lambda: exported
    if exported[0].epochs != tuple(position.epoch for position in epochs) or not path.is_dir():
        raise CadlError(f"it was exported to {exported[0].path}")


def _writes_films(driver: UiDriver) -> Waiting:
    run = driver.engine.runs[-1]
    examples = run.description.examples
    assert examples is not None, "the run was trained here"
    images = yield from driver.answer(Reconstruct(run.run_id, None, examples))
    for suffix in WRITERS:
        path = driver.folder / f"Prüfung{suffix}"
        save(FrameSequence.of(images[:12], side_px=112), path)
        if path.stat().st_size == 0:
            raise CadlError(f"{path.name} is empty")
