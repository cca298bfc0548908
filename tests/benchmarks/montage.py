"""How long the montage of a dataset paints, offscreen: `python tests/benchmarks/montage.py`.

With `--images 200000`, for as many as it must be smooth for. Meanwhile the dataset thread renders tiles of
generated images, as in the window. Each frame is a real wheel or mouse event, the repaint that follows, and
the answers that have come; on the clock, and of the processor.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the program, whose import comes after NumPy's here
sys.path.append(str(Path(__file__).parents[1]))

import numpy as np
from figures import Figures, percentiles
from open_window import spin, wait_until
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cadl_gui.datasets.dataset_service import DatasetService
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.dataset_requests import DatasetRef
from cadl_gui.engine.engine import Engine
from cadl_gui.system.garbage import gc_paused
from cadl_gui.ui.data.dataset_montage import DatasetMontage
from cadl_gui.ui.data.montage_controller import MontageController
from cadl_gui.ui.theme.theme import Theme


def write_images(path: Path, n: int, side: int, channels: int) -> None:
    """Write blobs of ten colours and noise, in classes, to an .npy-based .npz that is not compressed."""
    random = np.random.default_rng(0)
    labels = random.integers(0, 10, n)
    blobs = random.integers(0, 256, (100, side, side, channels), np.uint8)
    images = np.concatenate([blobs[labels[i : i + 1000] * 10 + i % 10] for i in range(0, n, 1000)])
    np.savez(path, images=images, labels=labels)


def zoom(view: DatasetMontage, frame: int) -> None:
    """Turn the wheel: in for a while, then out."""
    where = QPointF(0.4 * view.width(), 0.6 * view.height())
    turned = QPoint(0, 120 if frame % 80 < 40 else -120)
    none, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    wheel = QWheelEvent(where, where, QPoint(), turned, Qt.MouseButton.NoButton, none, phase, False)
    QApplication.sendEvent(view, wheel)


def drag(view: DatasetMontage, frame: int) -> None:
    """Drag to and fro with the left button."""
    at = QPointF(400 + 12 * abs(frame % 60 - 30), 300 + 5 * abs(frame % 40 - 20))
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QMouseEvent.Type.MouseMove, at, view.mapToGlobal(at), left, left, none)
    QApplication.sendEvent(view, event)


def measure(
    figures: Figures,
    view: DatasetMontage,
    name: str,
    n_frames: int,
    gesture: Callable[[DatasetMontage, int], None],
) -> None:
    """Add a row: milliseconds of event, repaint and whatever answers arrive in between."""
    frames: list[tuple[float, float]] = []
    for frame in range(n_frames):
        start, worked = time.perf_counter(), time.thread_time()
        gesture(view, frame)
        view.repaint()
        QApplication.processEvents()
        frames.append((1000 * (time.perf_counter() - start), 1000 * (time.thread_time() - worked)))
        time.sleep(max(0.0, 1 / 60 - frames[-1][0] / 1000))
    figures.row(name, *(cell for values in zip(*frames, strict=True) for cell in percentiles(values)))


def zoomed(figures: Figures, view: DatasetMontage, factor: float, name: str, n_frames: int) -> None:
    """Drag at a zoom."""
    view.zoom(0)
    view.zoom(factor, QPointF(300, 300))
    spin(0.2)
    place = QPoint(400, 300)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=place)
    measure(figures, view, name, n_frames, drag)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=place)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--images", type=int, default=5_000)
    parser.add_argument("--side", type=int, default=64)
    parser.add_argument("--channels", type=int, choices=[1, 3], default=3)
    parser.add_argument("--frames", type=int, default=240, help="frames of each gesture")
    Figures.add_option(parser)
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder, gc_paused(), Figures(arguments.json) as figures:
        path = Path(folder) / "images.npz"
        write_images(path, arguments.images, arguments.side, arguments.channels)
        application = QApplication([])
        theme = Theme("dark")
        theme.prepare(application)
        theme.apply(application)
        engine = Engine(lambda: None, lambda: None, None, (), DatasetService)  # type: ignore[arg-type]
        engine.load()  # only the dataset thread has a backend
        view = DatasetMontage(theme, empty_text="")
        view.resize(848, 672)
        controller = MontageController(engine, view, view)
        view.show()
        start = time.perf_counter()
        controller.show_dataset(
            DatasetRef.of(RunConfig.of(preset="data", dataset=str(path))), is_asked_for=True
        )
        wait_until(lambda: view.grid is not None and not view.missing_tiles(), 600)
        print(f"{arguments.images:,} images: all seen after {time.perf_counter() - start:.1f} s")
        heads = ("50 %, ms a frame", "99 %", "longest", "processor: 50 %, ms", "99 %", "longest")
        figures.begin("montage", "gesture", *heads)
        measure(figures, view, "wheel", arguments.frames, zoom)
        for factor in (1.5, 4, 16, 64):
            zoomed(figures, view, factor, f"drag at {factor:g}×", arguments.frames)
        view.set_parts_shown(True)
        measure(figures, view, "wheel, parts shown", arguments.frames, zoom)
        zoomed(figures, view, 4, "drag at 4×, parts shown", arguments.frames)
        engine.shut_down(20_000)


if __name__ == "__main__":
    main()
