"""The program's window as a person uses it: looks for something, clicks it, types, reads."""

import time
from collections.abc import Callable
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from acceptance.accessibility import GoneError, Node, Role, State
from acceptance.desktop import Desktop
from acceptance.waiting import PATIENCE_S, eventually


class Window:
    """Finds widgets by role and name, and uses them by pointer and keys alone.

    Args:
        root: of what the program tells about itself.
        desktop: that it is on.
    """

    def __init__(self, root: Node, desktop: Desktop) -> None:
        self._root = root
        self._desktop = desktop
        self.hand = desktop.hand

    # Looking.

    def find(self, role: Role, name: str = "*", *, called: str = "") -> Node | None:
        """The first widget that shows, if there is one.

        Args:
            role: of the widget.
            name: its text; `*` stands for any.
            called: its `objectName`, where a text would not tell it from others.
        """
        try:
            for node in self._root.showing(role):
                if _is_called(node, called) and fnmatchcase(node.name, name):
                    return node
        except GoneError:  # it vanished while it was looked at
            return None
        return None

    def see(self, role: Role, name: str = "*", *, called: str = "", patience_s: float = PATIENCE_S) -> Node:
        """Wait for a widget to show; see `find`."""
        what = f"a {role.name} “{name}” {called}".rstrip()
        return eventually(lambda: self.find(role, name, called=called), what, patience_s)

    def wait(self, holds: Callable[[], object], what: str, patience_s: float = PATIENCE_S) -> None:
        """Wait until something holds."""

        def probe() -> object:
            try:
                return holds()
            except GoneError:
                return None

        eventually(probe, what, patience_s)

    def enabled(
        self, role: Role, name: str = "*", *, called: str = "", patience_s: float = PATIENCE_S
    ) -> Node:
        """Wait for a widget that can be used."""
        node = self.see(role, name, called=called, patience_s=patience_s)
        self.wait(lambda: node.has(State.ENABLED), f"“{node.name}” to be enabled", patience_s)
        return node

    def says(self, called: str) -> str:
        """What a label says; "" while it does not show."""
        label = self.find(Role.LABEL, called=called)
        return "" if label is None else label.name

    def wait_for_text(self, called: str, text: str, patience_s: float = PATIENCE_S) -> None:
        """Wait until a label says just that."""
        self.wait(lambda: self.says(called) == text, f"{called} to say “{text}”", patience_s)

    def wait_to_rest(self, called: str) -> None:
        """Wait until a label says the same for a second: figures of a training come five times a second."""
        since, text = time.monotonic(), self.says(called)

        def rests() -> bool:
            nonlocal since, text
            now = self.says(called)
            if now != text:
                since, text = time.monotonic(), now
            return time.monotonic() - since >= 1.0

        self.wait(rests, f"{called} to rest")

    def all(self, role: Role) -> list[Node]:
        """Every widget of a role that shows."""
        return self._root.showing(role)

    def looks(self, node: Node) -> NDArray[np.uint8]:
        """The pixels where a widget is, once they stay: (h, w, 3), as red, green and blue."""
        seen = [self._desktop.image(node.box)]

        def stays() -> bool:
            seen.append(self._desktop.image(node.box))
            return np.array_equal(seen[-1], seen[-2])

        eventually(stays, f"“{node.name}” to stay as it is")
        return seen[-1]

    def wait_to_look(self, node: Node, image: NDArray[np.uint8]) -> None:
        """Wait until a widget looks just so."""
        self.wait(lambda: np.array_equal(self.looks(node), image), f"“{node.name}” to look as before")

    def wait_to_change(self, node: Node, image: NDArray[np.uint8]) -> None:
        """Wait until a widget looks otherwise."""
        self.wait(lambda: not np.array_equal(self.looks(node), image), f"“{node.name}” to look otherwise")

    # Doing.

    def take_keyboard(self) -> None:
        """Click where nothing happens, if no window manager gives the keyboard to what appears."""
        if not self._desktop.has_window_manager:
            self.click(Role.LABEL, called="deviceLabel")

    def click(self, role: Role, name: str = "*", *, called: str = "") -> Node:
        """Wait until a widget can be used, and press the left button in the middle of it."""
        node = self.enabled(role, name, called=called)
        self.hand.click(node.box.at(0.5, 0.5))
        return node

    def open_tab(self, name: str) -> None:
        """Click a tab, and wait until its page is the one that shows."""
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

    def fill_in(self, called: str, text: str) -> None:
        """Put a text into a spin box, in place of what stands there."""
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
        """An item is told of a moment before it can be seen."""
        x, y, width, height = item.box
        behind = before[y : y + height, x : x + width]
        self.wait_to_change(item, behind)


def _is_called(node: Node, called: str) -> bool:
    return not called or node.identifier.rpartition(".")[2] == called
