"""What the program exposes to screen readers: a client of the accessibility bus (AT-SPI 2).

The protocol: https://gnome.pages.gitlab.gnome.org/at-spi2-core/devel-docs/
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple

from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

_ANSWERS_WITHIN_S = 60.0
"""Time limit of a call; the window freezes while TensorFlow is imported."""

_REGISTRY = "org.a11y.atspi.Registry"
_ROOT = "/org/a11y/atspi/accessible/root"
_ALL, _ANY = 1, 2
_IN_ORDER = 1
_OF_THE_SCREEN = 0


class Role(IntEnum):
    """Kinds of widgets, with AT-SPI's numbers."""

    CHECK_BOX = 7
    CHECK_MENU_ITEM = 8
    COMBO_BOX = 11
    DIALOG = 16
    FILLER = 20
    FRAME = 23
    LABEL = 29
    LIST = 31
    LIST_ITEM = 32
    MENU_BAR = 34
    MENU_ITEM = 35
    TAB = 37
    PANEL = 39
    BUTTON = 43
    RADIO_BUTTON = 44
    SLIDER = 51
    SPIN_BOX = 52
    STATUS_BAR = 54
    TEXT = 61


class State(IntEnum):
    """States of widgets, with AT-SPI's numbers."""

    ACTIVE = 1
    CHECKED = 4
    FOCUSED = 12
    SELECTED = 23
    ENABLED = 24
    SHOWING = 25


class Box(NamedTuple):
    """The rectangle of a widget, in device-independent pixels, as Qt 6.11 tells."""

    x: int
    y: int
    width: int
    height: int

    def __contains__(self, other: object) -> bool:
        """Whether another box lies entirely inside."""
        return (
            isinstance(other, Box)
            and self.x <= other.x
            and self.y <= other.y
            and other.x + other.width <= self.x + self.width
            and other.y + other.height <= self.y + self.height
        )

    def at(self, across: float, down: float) -> tuple[int, int]:
        """A point in the box: (0, 0) is its upper left corner, (1, 1) its lower right one."""
        return self.x + round(across * (self.width - 1)), self.y + round(down * (self.height - 1))


class GoneError(Exception):
    """A widget, or the whole program, no longer exists."""


class AccessibilityBus:
    """A connection to the bus on which programs expose their widgets.

    Args:
        session: address of the session bus, which knows the address of the accessibility bus.
    """

    def __init__(self, session: str) -> None:
        with open_dbus_connection(session) as bus:
            address = DBusAddress("/org/a11y/bus", bus_name="org.a11y.Bus", interface="org.a11y.Bus")
            reply = bus.send_and_get_reply(new_method_call(address, "GetAddress"), timeout=_ANSWERS_WITHIN_S)
        self._connection: DBusConnection = open_dbus_connection(reply.body[0])

    def close(self) -> None:
        """Disconnect."""
        self._connection.close()

    def call(self, owner: str, path: str, member: str, signature: str = "", *body: object) -> Any:
        """Call a method, such as `Accessible.GetRole`.

        Returns:
            The first value of the reply.

        Raises:
            GoneError: if the receiver no longer exists.
        """
        interface, method = member.rsplit(".", 1)
        if not interface.startswith("org."):
            interface = f"org.a11y.atspi.{interface}"
        address = DBusAddress(path, bus_name=owner, interface=interface)
        message = new_method_call(address, method, signature or None, body)
        reply = self._connection.send_and_get_reply(message, timeout=_ANSWERS_WITHIN_S)
        if reply.header.message_type is MessageType.error:
            raise GoneError(f"{reply.header.fields.get(HeaderFields.error_name)}: {reply.body}")
        return reply.body[0] if reply.body else None

    def program(self, pid: int) -> "Node | None":
        """The program with this process number, once it is on the bus."""
        for owner, path in self.call(_REGISTRY, _ROOT, "Accessible.GetChildren"):
            try:
                its_pid = self.call(
                    "org.freedesktop.DBus", "/", "org.freedesktop.DBus.GetConnectionUnixProcessID", "s", owner
                )
            except GoneError:
                continue
            if its_pid == pid:
                return Node(self, owner, path)
        return None


@dataclass(frozen=True)
class Node:
    """A widget, or an item of one; properties are read from the program whenever they are accessed."""

    bus: AccessibilityBus = field(repr=False, compare=False)
    owner: str
    path: str

    @property
    def name(self) -> str:
        """Its accessible name."""
        return str(self._get("Accessible", "Name"))

    @property
    def description(self) -> str:
        """Its accessible description."""
        return str(self._get("Accessible", "Description"))

    @property
    def identifier(self) -> str:
        """Its `objectName` after those of its parents, joined by dots."""
        return str(self._get("Accessible", "AccessibleId"))

    @property
    def role(self) -> int:
        """Its role; see `Role`."""
        return int(self._ask("Accessible.GetRole"))

    @property
    def value(self) -> float:
        """The number of a slider, spin box or progress bar."""
        return float(self._get("Value", "CurrentValue"))

    @property
    def text(self) -> str:
        """The content of a text field."""
        return str(self._ask("Text.GetText", "ii", 0, -1))

    @property
    def box(self) -> Box:
        """Its rectangle on the screen."""
        return Box(*self._ask("Component.GetExtents", "u", _OF_THE_SCREEN))

    @property
    def children(self) -> list["Node"]:
        """Its children."""
        return [Node(self.bus, *reference) for reference in self._ask("Accessible.GetChildren")]

    def has(self, *states: State) -> bool:
        """Whether it has all of these states."""
        low, high = self._ask("Accessible.GetState")
        bits = low | high << 32
        return all(bits >> state & 1 for state in states)

    def showing(self, role: Role) -> list["Node"]:
        """All visible descendants with a role, in the order of the tree."""
        rule = (_bits(State.SHOWING, 2), _ALL, {}, _ALL, _bits(role, 5), _ANY, [], _ALL, False)
        found = self._ask("Collection.GetMatches", "(aiia{ss}iaiiasib)uib", rule, _IN_ORDER, 0, True)
        return [Node(self.bus, *reference) for reference in found]

    def tree(self, depth: int = 0) -> str:
        """Its visible descendants, one on each line, to find out what went wrong."""
        line = f"{'  ' * depth}{self._ask('Accessible.GetRoleName')} “{self.name}”"
        states = " ".join(state.name for state in State if self.has(state))
        lines = [f"{line} {self.identifier.rpartition('.')[2]} {states}"]
        if self.has(State.SHOWING) or depth == 0:
            lines += [child.tree(depth + 1) for child in self.children]
        return "\n".join(lines)

    def _ask(self, member: str, signature: str = "", *body: object) -> Any:
        return self.bus.call(self.owner, self.path, member, signature, *body)

    def _get(self, interface: str, name: str) -> Any:
        which = (f"org.a11y.atspi.{interface}", name)
        _, value = self._ask("org.freedesktop.DBus.Properties.Get", "ss", *which)
        return value


def _bits(number: int, n_words: int) -> list[int]:
    """A set of numbers in D-Bus's format: signed 32-bit words."""
    whole = (1 << number).to_bytes(4 * n_words, "little")
    return [int.from_bytes(whole[i : i + 4], "little", signed=True) for i in range(0, 4 * n_words, 4)]
