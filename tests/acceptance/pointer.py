"""A hand at mouse and keyboard: events that the X server itself makes (XTEST), as from real devices."""

import time
from collections.abc import Iterable

from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest

Point = tuple[float, float]

_STEP_S = 0.008
"""Between two events of a stroke: mice send about so many a second."""

_LEFT = 1
_KEYS = {"Ctrl": "Control_L", "Shift": "Shift_L", "Alt": "Alt_L", "Enter": "Return"}
"""Names of keys that X calls otherwise."""


class Hand:
    """Moves the pointer, presses its buttons, and types.

    Args:
        display: of the screen.
    """

    def __init__(self, display: Display) -> None:
        self._display = display

    def move(self, place: Point) -> None:
        """Bring the pointer to a place of the screen."""
        self._fake(X.MotionNotify, x=round(place[0]), y=round(place[1]))

    def press(self) -> None:
        """Hold the left button down."""
        self._fake(X.ButtonPress, _LEFT)

    def release(self) -> None:
        """Let the left button go."""
        self._fake(X.ButtonRelease, _LEFT)

    def click(self, place: Point) -> None:
        """Press and release the left button at a place."""
        self.move(place)
        self.press()
        self.release()

    def stroke(self, points: Iterable[Point]) -> None:
        """Drag through points, in steps as small as a hand's."""
        first, *others = points
        self.move(first)
        self.press()
        here = first
        for there in others:
            n_steps = max(1, round(max(abs(there[0] - here[0]), abs(there[1] - here[1])) / 6))
            for i in range(1, n_steps + 1):
                share = i / n_steps
                self.move((here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1])))
            here = there
        self.release()

    def key(self, combination: str) -> None:
        """Press keys together: “Ctrl+Shift+Z”."""
        latents = [self._latent(_KEYS.get(key, key))[0] for key in combination.split("+")]
        for latent in latents:
            self._fake(X.KeyPress, latent)
        for latent in reversed(latents):
            self._fake(X.KeyRelease, latent)

    def type(self, text: str) -> None:
        """Type a text."""
        shift = self._latent("Shift_L")[0]
        for letter in text:
            latent, shifted = self._latent(letter)
            if shifted:
                self._fake(X.KeyPress, shift)
            self._fake(X.KeyPress, latent)
            self._fake(X.KeyRelease, latent)
            if shifted:
                self._fake(X.KeyRelease, shift)

    def _latent(self, key: str) -> tuple[int, bool]:
        """The number of a key, and whether it needs Shift."""
        symbol = XK.string_to_keysym(key) or ord(key)
        for latent, level in self._display.keysym_to_keycodes(symbol):
            if level in {0, 1}:
                return latent, level == 1
        raise ValueError(f"There is no key for “{key}”")

    def _fake(self, kind: int, detail: int = 0, *, x: int = 0, y: int = 0) -> None:
        xtest.fake_input(self._display, kind, detail, x=x, y=y)
        self._display.sync()
        time.sleep(_STEP_S)
