"""Pictures of every tab, dialog and step of a lesson, in labelled sheets, and what is wrong with them.

    python tests/tools/contact_sheet.py FOLDER [--sizes 1024x640 1440x900 1920x1080] [--tabs Draw Train]
        [--only runs empty many dialogs lessons]

The real window with the shipped runs in light, dark, present mode and with Details, at three sizes; without
runs, and with fourteen, at the smallest; each dialog; and the steps of the lessons, at a desk and on a
projector. FOLDER gets a sheet for each of them, all single pictures in `single/`, and `geometry.txt` with the
texts that are cut off or lie over each other and the large empty rectangles; the exit status is 1 if there
are any. With QT_SCALE_FACTOR=2 in the environment, as on a screen of twice as many pixels.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.insert(0, str(Path(__file__).parents[1]))

from geometry import cut_off, largest_gap, overlapping, share_of_page, texts
from open_window import open_window, wait_until
from PIL import Image, ImageDraw, ImageFont
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from shown_pages import MODES, dialogs, set_mode, settle, show_tab, use_tabs

from cadl_gui.domain.lesson import SUFFIX
from cadl_gui.domain.run import new_uuid
from cadl_gui.domain.view import SHIPPED
from cadl_gui.engine.engine import Engine
from cadl_gui.system.resources import resource_path, shipped_lessons, shipped_runs
from cadl_gui.ui.tabs import TABS
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.window.main_window import MainWindow

SIZES = ("1024x640", "1440x900", "1920x1080")
KINDS = ("runs", "empty", "many", "dialogs", "lessons")
LESSON_SIZES = {"light": (1440, 900), "dark": (1440, 900), "present": (1280, 720)}
_LARGEST_GAP, _GAP_AT_WIDTH = 0.2, 1440
_CELL_PX, _LABEL_PX, _GAP_PX = 720, 28, 12


class Sheets:
    """Collects pictures, writes them, and puts those of one subject on one sheet.

    Args:
        folder: where to write.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pictures: dict[str, dict[tuple[str, str], Path]] = defaultdict(dict)
        self.problems: list[str] = []
        (folder / "single").mkdir(parents=True, exist_ok=True)

    def add(self, widget: QWidget, subject: str, row: str, column: str) -> None:
        """Take a picture of a window, and check the geometry of its texts."""
        path = self._folder / "single" / f"{subject}, {row}, {column}.png".replace(" ", "_").replace(",", "")
        widget.grab().save(str(path))
        self._pictures[subject][row, column] = path
        # All of a page may lie behind the figure that fills it.
        shown = [text for text in texts(widget) if not text.visible_place_in(widget).isEmpty()]
        where = f"{subject}, {row}, {column}"
        self.problems += [f"{where}: cut off: {text}" for text in cut_off(shown, widget)]
        self.problems += [f"{where}: over each other: {pair}" for pair in overlapping(shown, widget)]

    def write(self) -> None:
        """Write a sheet for each subject: a row for each size, a column for each mode."""
        font = ImageFont.truetype(str(resource_path("fonts/Inter-Regular.ttf")), 18)
        for subject, pictures in self._pictures.items():
            rows, columns = ([*dict.fromkeys(key[i] for key in pictures)] for i in (0, 1))
            images = {key: _fitting(path) for key, path in pictures.items()}
            heights = [max(image.height for key, image in images.items() if key[0] == row) for row in rows]
            across = _CELL_PX + _GAP_PX
            down = sum(heights) + len(rows) * (_LABEL_PX + _GAP_PX)
            sheet = Image.new("RGB", (len(columns) * across + _GAP_PX, down + _GAP_PX), "#808080")
            pen, y = ImageDraw.Draw(sheet), _GAP_PX
            for row, height in zip(rows, heights, strict=True):
                for i, column in enumerate(columns):
                    x = _GAP_PX + i * across
                    pen.text((x, y), f"{subject} · {row} · {column}", font=font, fill="white")
                    if (row, column) in images:
                        sheet.paste(images[row, column], (x, y + _LABEL_PX))
                y += height + _LABEL_PX + _GAP_PX
            sheet.save(self._folder / f"{subject}.png")
        (self._folder / "geometry.txt").write_text("".join(f"{line}\n" for line in self.problems))


def main() -> int:
    """Make the sheets, and print what is wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", nargs="+", default=SIZES)
    parser.add_argument("--tabs", nargs="+", choices=[spec.title for spec in TABS])
    parser.add_argument("--only", nargs="+", choices=KINDS, default=KINDS)
    options = parser.parse_args()
    titles = options.tabs or [spec.title for spec in TABS]
    sizes = [(int(width), int(height)) for width, height in (size.split("x") for size in options.sizes)]
    sheets, began = Sheets(options.folder), time.monotonic()
    with open_window(*sizes[0]) as (window, engine, theme):
        QApplication.setCursorFlashTime(0)
        theme.set_reduce_motion(True)
        if "empty" in options.only:
            window.resize(*sizes[0])
            show_pages(sheets, window, engine, theme, titles, "no runs")
        open_runs(window, engine, shipped_runs())
        use_tabs(window, engine)
        for width, height in sizes if "runs" in options.only else ():
            window.resize(width, height)
            show_pages(sheets, window, engine, theme, titles, f"{width}×{height}")
        if "dialogs" in options.only:
            show_dialogs(sheets, window, engine, theme, sizes)
        if "lessons" in options.only:
            show_lessons(sheets, window, engine, theme)
        if "many" in options.only:
            with tempfile.TemporaryDirectory() as folder:
                open_runs(window, engine, [copied(run, Path(folder)) for run in shipped_runs()])
                window.resize(*sizes[0])
                show_pages(sheets, window, engine, theme, titles, "fourteen runs")
    sheets.write()
    print("".join(f"{line}\n" for line in sheets.problems), end="")
    print(f"{len(sheets.problems)} problems; {time.monotonic() - began:.0f} s; see {options.folder}")
    return int(bool(sheets.problems))


def open_runs(window: QMainWindow, engine: Engine, paths: list[Path]) -> None:
    """Open runs, and wait until they are there."""
    n = len(engine.runs) + len(paths)
    window.open_again(paths)
    wait_until(lambda: len(engine.runs) == n, 120)


def copied(run: Path, folder: Path) -> Path:
    """Copy a run as another one: a mere copy is not opened a second time."""
    copy = shutil.copytree(run, folder / run.name)
    about = copy / "run.json"
    about.write_text(json.dumps(json.loads(about.read_text("utf-8")) | {"uuid": new_uuid()}), "utf-8")
    return copy


def show_pages(
    sheets: Sheets, window: QMainWindow, engine: Engine, theme: Theme, titles: list[str], row: str
) -> None:
    """Add a picture of each tab in each mode."""
    for mode in MODES:
        set_mode(window, theme, mode)
        for title in titles:
            page = show_tab(window, engine, title)
            sheets.add(window, title, row, mode)
            gap = largest_gap(page, theme.colours.window)
            if window.width() == _GAP_AT_WIDTH and share_of_page(gap, page) > _LARGEST_GAP:
                sheets.problems.append(f"{title}, {row}, {mode}: empty: {gap.getRect()}")
    set_mode(window, theme, MODES[0])


def show_dialogs(
    sheets: Sheets, window: QMainWindow, engine: Engine, theme: Theme, sizes: list[tuple[int, int]]
) -> None:
    """Add a picture of each dialog in each mode."""
    for width, height in sizes:
        window.resize(width, height)
        for mode in MODES:
            set_mode(window, theme, mode)
            for dialog in dialogs(window, engine):
                sheets.add(dialog, dialog.objectName(), f"{width}×{height}", mode)
    set_mode(window, theme, MODES[0])


def show_lessons(sheets: Sheets, window: MainWindow, engine: Engine, theme: Theme) -> None:
    """Add a picture of each step of each lesson, at a desk and on a projector."""
    for path in shipped_lessons():
        for mode, size in LESSON_SIZES.items():
            set_mode(window, theme, mode)
            window.resize(*size)
            window.lessons.open(path)
            name = path.name.removesuffix(SUFFIX)
            wait_until(lambda name=name: engine.view.value.lesson.path == f"{SHIPPED}{name}", 60)
            for number, step in enumerate(window.lessons.lesson.steps):
                window.lessons.enter(number)
                settle(window, engine)
                sheets.add(window, name, f"{number + 1} {step.title}", mode)
            window.lessons.close()
    set_mode(window, theme, MODES[0])


def _fitting(path: Path) -> Image.Image:
    image = Image.open(path).convert("RGB")
    image.thumbnail((_CELL_PX, 4 * _CELL_PX), Image.Resampling.LANCZOS)
    return image


if __name__ == "__main__":
    sys.exit(main())
