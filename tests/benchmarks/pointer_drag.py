"""A drag in the Latent tab of the program as a user starts it: by a real pointer, seen on the screen."""

import time
from contextlib import closing
from pathlib import Path
from select import select
from tempfile import TemporaryDirectory

import numpy as np
from acceptance.accessibility import Box, Role
from acceptance.pointer import Hand
from acceptance.stage import Options, Stage
from acceptance.waiting import eventually
from PySide6.QtCore import QRect
from Xlib import X
from Xlib.ext import damage, xtest

from cadl_gui.domain.families import family_of
from cadl_gui.domain.presets import PRESETS

_PER_SECOND = 60
"""Events; the drag comes back to the same places every second."""

_RESTS_S = 0.25


class PointerDrag:
    """Drags around a circle, in a window of 1440×900 with a window manager, and with a fresh profile.

    Before, the pointer rests at each place until the screen shows its image: each image that the drag brings
    to the screen tells by itself which event it answers. The X server reports when it was changed.

    Attributes:
        began: When each event was sent, in s.
        painted: When the image was changed, with the event that it answers.
        worked: Processor time of the interface thread in the drag, in s.
    """

    def __init__(self, program: Path, run: str, trains: str | None, seconds: float) -> None:
        self.began: list[float] = []
        self.painted: list[tuple[float, int]] = []
        options = Options(program, "1440x900", scale=1, has_window_manager=True)
        with TemporaryDirectory() as folder, closing(Stage(Path(folder), options)) as stage:
            window = stage.start()
            if trains is not None:
                family = family_of(PRESETS[trains].config).value.name
                window.choose_preset(family, trains)
                window.fill_in("epochsSpin", "1000")
                window.click(Role.BUTTON, "Train")
                window.enabled(Role.BUTTON, "Pause")
            window.click(Role.LIST_ITEM, f"? {run}, *")
            window.open_tab("Latent")
            plane, image = (window.see(Role.FILLER, called=of).box for of in ("latentPlane", "decodedImage"))
            angles = 2 * np.pi * np.arange(_PER_SECOND) / _PER_SECOND
            self._circle = [plane.at(0.4 + 0.2 * np.cos(a), 0.55 + 0.2 * np.sin(a)) for a in angles]
            self._desktop = stage.desktop
            # A few lines of it: to fetch all takes longer.
            self._lines = Box(image.x, image.y + image.height // 4, image.width, image.height // 2)
            self._learn(window.hand)
            before = _thread_s(stage.program.pid)
            self._drag(seconds)
            self.worked = _thread_s(stage.program.pid) - before

    def _learn(self, hand: Hand) -> None:
        hand.move(self._circle[0])
        hand.press()
        time.sleep(_RESTS_S)
        self._numbers: dict[bytes, int] = {}
        for number in range(1, _PER_SECOND + 1):
            before, place = self._seen(), self._circle[number % _PER_SECOND]
            hand.move(place)
            eventually(lambda before=before: self._seen() != before, "another image")
            time.sleep(_RESTS_S)
            self._numbers[self._seen()] = number % _PER_SECOND
        assert len(self._numbers) == _PER_SECOND, "some images look like others"

    def _seen(self) -> bytes:
        return self._desktop.image(self._lines).tobytes()

    def _drag(self, seconds: float) -> None:
        display = self._desktop.display
        display.damage_query_version()
        display.screen().root.damage_create(damage.DamageReportRawRectangles)
        lines, n, start = QRect(*self._lines), round(_PER_SECOND * seconds), time.perf_counter()
        while (now := time.perf_counter()) < (end := start + seconds + 1):
            due = start + len(self.began) / _PER_SECOND if len(self.began) < n else end
            if now >= due:
                x, y = self._desktop.hand.on_screen(self._circle[len(self.began) % _PER_SECOND])
                self.began.append(time.perf_counter())
                xtest.fake_input(display, X.MotionNotify, x=x, y=y)
                display.flush()
            elif not display.pending_events():
                select([display], [], [], due - now)
            events = [display.next_event() for _ in range(display.pending_events())]
            changed = [event.area for event in events if event.type == display.extension_event.DamageNotify]
            if any(lines.intersects(QRect(each.x, each.y, each.width, each.height)) for each in changed):
                number, newest = self._numbers.get(self._seen()), len(self.began) - 1
                if number is not None:
                    self.painted.append((time.perf_counter(), newest - (newest - number) % _PER_SECOND))


def _thread_s(pid: int) -> float:
    """Processor time of the first thread of a process, in s."""
    return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[0]) / 1e9
