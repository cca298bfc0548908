"""The program's window as a person uses it: finds widgets, clicks, types and reads."""

import time
from collections.abc import Callable
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from acceptance.accessibility import GoneError, Node, Role, State
from acceptance.desktop import Desktop
from acceptance.waiting import PATIENCE_S, eventually

ROUNDING = 2
"""Grey levels of 255 by which pictures of answers may differ: on some processors, the same weights answer a
second time with another rounding."""


class Window:
    """Finds widgets by role and name, and uses them by pointer and keyboard alone.

    Args:
        root: root of the program's accessible tree.
        desktop: desktop of the program.
    """

    def __init__(self, root: Node, desktop: Desktop) -> None:
        self._root = root
        self._desktop = desktop
        self.hand = desktop.hand

    # Looking.

    def find(self, role: Role, name: str = "*", *, called: str = "") -> Node | None:
        """Return the first visible widget that matches, or None.

        Args:
            role: role of the widget.
            name: its text; `*` matches any text.
            called: its `objectName`, where the text is ambiguous.
        """
        try:
            for node in self._root.showing(role):
                if _is_called(node, called) and fnmatchcase(node.name, name):
                    return node
        except GoneError:  # it vanished while it was looked at
            return None
        return None

    def see(self, role: Role, name: str = "*", *, called: str = "", patience_s: float = PATIENCE_S) -> Node:
        """Wait until a widget is visible; see `find`."""
        what = f"a {role.name} “{name}” {called}".rstrip()
        return eventually(lambda: self.find(role, name, called=called), what, patience_s)

    def wait(self, holds: Callable[[], object], what: str, patience_s: float = PATIENCE_S) -> None:
        """Wait until a condition holds."""

        def probe() -> object:
            try:
                return holds()
            except GoneError:
                return None

        eventually(probe, what, patience_s)

    def enabled(
        self, role: Role, name: str = "*", *, called: str = "", patience_s: float = PATIENCE_S
    ) -> Node:
        """Wait for a widget that is visible and enabled."""
        node = self.see(role, name, called=called, patience_s=patience_s)
        self.wait(lambda: node.has(State.ENABLED), f"“{node.name}” to be enabled", patience_s)
        return node

    def says(self, called: str) -> str:
        """The text of a label; "" while it is not visible."""
        label = self.find(Role.LABEL, called=called)
        return "" if label is None else label.name

    def wait_for_text(self, called: str, text: str, patience_s: float = PATIENCE_S) -> None:
        """Wait until a label has this text."""
        self.wait(lambda: self.says(called) == text, f"{called} to say “{text}”", patience_s)

    def wait_to_rest(self, called: str) -> None:
        """Wait until a label has stayed the same for a second; a training changes it five times a second."""
        since, text = time.monotonic(), self.says(called)

        def rests() -> bool:
            nonlocal since, text
            now = self.says(called)
            if now != text:
                since, text = time.monotonic(), now
            return time.monotonic() - since >= 1.0

        self.wait(rests, f"{called} to rest")

    def all(self, role: Role) -> list[Node]:
        """All visible widgets with a role."""
        return self._root.showing(role)

    def looks(self, node: Node) -> NDArray[np.uint8]:
        """The pixels of a widget once they no longer change, (h, w, 3) uint8 RGB."""
        seen = [self._desktop.image(node.box)]

        def stays() -> bool:
            seen.append(self._desktop.image(node.box))
            return np.array_equal(seen[-1], seen[-2])

        eventually(stays, f"“{node.name}” to stay as it is")
        return seen[-1]

    def wait_to_look(self, node: Node, image: NDArray[np.uint8], levels: int = 0) -> None:
        """Wait until a widget has exactly these pixels, or is so many grey levels from them at most."""
        self.wait(lambda: _is_near(self.looks(node), image, levels), f"“{node.name}” to look as before")

    def wait_to_change(self, node: Node, image: NDArray[np.uint8]) -> None:
        """Wait until a widget's pixels differ from these by more than rounding."""
        self.wait(lambda: not _is_near(self.looks(node), image, ROUNDING), f"“{node.name}” to look otherwise")

    # Doing.

    def take_keyboard(self) -> None:
        """Click where nothing happens, to focus a new window if there is no window manager to do so."""
        if not self._desktop.has_window_manager:
            self.click(Role.LABEL, called="statusLabel")

    def click(self, role: Role, name: str = "*", *, called: str = "") -> Node:
        """Wait until a widget is enabled, and click its centre."""
        node = self.enabled(role, name, called=called)
        self.hand.click(node.box.at(0.5, 0.5))
        return node

    def open_tab(self, name: str) -> None:
        """Click a tab, and wait until its page is visible."""
        tab = self.click(Role.TAB, name)
        self.wait(lambda: tab.has(State.SELECTED), f"the tab {name} to be open")

    def choose(self, called: str, item: str) -> None:
        """Open a combo box and click an item."""
        before = self._desktop.image()
        combo = self.click(Role.COMBO_BOX, called=called)
        (popup,) = eventually(lambda: combo.showing(Role.LIST), f"the list of {called}")
        (row,) = [row for row in popup.showing(Role.LIST_ITEM) if row.name == item]
        self._wait_to_pop_up(row, before)
        self.hand.click(row.box.at(0.5, 0.5))
        self.wait(lambda: combo.name == item, f"{called} to be {item}")

    def choose_preset(self, family: str, preset: str) -> None:
        """Click the picture of a family, then one of its presets in the list."""
        self.click(Role.CHECK_BOX, family)
        self.choose("presetCombo", preset)

    def fill_in(self, called: str, text: str) -> None:
        """Replace the text of a spin box."""
        spin = self.click(Role.SPIN_BOX, called=called)
        self.hand.key("Ctrl+A")
        self.hand.type(text)
        self.hand.key("Tab")
        self.wait(lambda: spin.text.replace(",", "") == text, f"{called} to be {text}")

    def choose_from_menu(self, menu: str, item: str) -> None:
        """Open a menu and click an item."""
        before = self._desktop.image()
        self.click(Role.MENU_ITEM, menu)
        roles = (Role.MENU_ITEM, Role.CHECK_MENU_ITEM)
        node = eventually(lambda: next(filter(None, (self.find(role, item) for role in roles)), None), item)
        self._wait_to_pop_up(node, before)
        self.hand.click(node.box.at(0.5, 0.5))

    def _wait_to_pop_up(self, item: Node, before: NDArray[np.uint8]) -> None:
        """Wait until an item can be seen; it is on the bus a moment earlier."""
        x, y, width, height = item.box
        behind = before[y : y + height, x : x + width]
        self.wait_to_change(item, behind)


def _is_called(node: Node, called: str) -> bool:
    return not called or node.identifier.rpartition(".")[2] == called


def _is_near(one: NDArray[np.uint8], other: NDArray[np.uint8], levels: int) -> bool:
    return one.shape == other.shape and np.allclose(one.astype(np.int16), other, rtol=0, atol=levels)
