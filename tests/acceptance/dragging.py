"""Stands in for a file manager from which a file can be dragged (XDND).

The protocol: https://freedesktop.org/wiki/Specifications/XDND/
"""

from pathlib import Path

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.protocol import event
from Xlib.xobject.drawable import Window as XWindow

from acceptance.pointer import Hand, Point
from acceptance.waiting import eventually

_VERSION = 5
_SIDE_PX = 40
_URIS = "text/uri-list"


class FileManager:
    """A small window at the upper left corner of the screen that offers one file.

    Args:
        display: X display of the screen.
        file: file that can be dragged.
    """

    def __init__(self, display: Display, file: Path) -> None:
        self._display = display
        self._uris = f"{file.absolute().as_uri()}\r\n".encode()
        screen = display.screen()
        self._window = screen.root.create_window(
            0,
            0,
            _SIDE_PX,
            _SIDE_PX,
            0,
            screen.root_depth,
            override_redirect=True,
            event_mask=X.ButtonPressMask,
        )
        self._window.map()
        display.sync()

    def drag_to(self, hand: Hand, place: Point) -> None:
        """Drag the file to a position on the screen and drop it there.

        Raises:
            AssertionError: if the window there does not accept it.
        """
        hand.move((_SIDE_PX / 4, _SIDE_PX / 4))
        hand.press()
        self._window.set_selection_owner(self._atom("XdndSelection"), X.CurrentTime)
        hand.move(place)
        target = self._target()
        self._report(target, "XdndEnter", _VERSION << 24, self._atom(_URIS), 0, 0)
        x, y = hand.on_screen(place)
        there = x << 16 | y
        self._report(target, "XdndPosition", 0, there, X.CurrentTime, self._atom("XdndActionCopy"))
        self._wait_for("XdndStatus")
        hand.release()
        self._report(target, "XdndDrop", 0, X.CurrentTime, 0, 0)
        self._wait_for("XdndFinished")
        self._window.destroy()
        self._display.sync()

    def _target(self) -> XWindow:
        """The window under the pointer that accepts files: the program's, possibly inside its frame."""
        window = self._display.screen().root
        while not window.get_full_property(self._atom("XdndAware"), Xatom.ATOM):
            window = window.query_pointer().child
            assert window, "nothing there takes files"
        return window

    def _report(self, target: XWindow, message: str, *data: int) -> None:
        words = (32, [self._window.id, *data])
        target.send_event(event.ClientMessage(window=target, client_type=self._atom(message), data=words))
        self._display.sync()

    def _wait_for(self, message: str) -> None:
        """Wait for a message of the target; meanwhile, send the file's URL if it is requested."""
        answer = eventually(lambda: self._next(message), f"{message} from whom the file is dragged to")
        assert answer.data[1][1] & 1, "the file is not wanted there"

    def _next(self, message: str) -> event.ClientMessage | None:
        for _ in range(self._display.pending_events()):
            happened = self._display.next_event()
            if isinstance(happened, event.SelectionRequest):
                self._deliver(happened)
            elif isinstance(happened, event.ClientMessage) and happened.client_type == self._atom(message):
                return happened
        return None

    def _deliver(self, request: event.SelectionRequest) -> None:
        request.requestor.change_property(request.property, request.target, 8, self._uris)
        request.requestor.send_event(
            event.SelectionNotify(
                time=request.time,
                requestor=request.requestor,
                selection=request.selection,
                target=request.target,
                property=request.property,
            )
        )
        self._display.sync()

    def _atom(self, name: str) -> int:
        return self._display.intern_atom(name)
