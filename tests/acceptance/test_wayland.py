"""The program in a Wayland session, Debian's default: Weston, in a window of the X server."""

from dataclasses import replace

import pytest

from acceptance.accessibility import Role
from acceptance.desktop import need
from acceptance.digits import draw
from acceptance.stage import Options, Stage

pytestmark = pytest.mark.acceptance

_SOCKET = "wayland-acceptance"


@pytest.fixture
def options(request) -> Options:
    return replace(Options.of(request.config), has_window_manager=False)


@pytest.fixture
def wayland_window(stage: Stage):
    """The program's window, which fills Weston's window and so the screen."""
    screen, scale = stage.desktop.screen, stage.desktop.scale
    size = (f"--width={scale * screen.width}", f"--height={scale * screen.height}")
    compositor = ("--backend=x11", "--renderer=pixman", "--shell=kiosk", "--no-config", f"--socket={_SOCKET}")
    stage.desktop.spawn(need("weston"), *compositor, *size)
    stage.desktop.wait_for_socket(_SOCKET)
    return stage.start(QT_QPA_PLATFORM="wayland", WAYLAND_DISPLAY=_SOCKET, DISPLAY="")


def test_a_digit_is_drawn_and_read_under_wayland(wayland_window):
    window = wayland_window
    window.open_tab("Draw")
    canvas = window.see(Role.FILLER, called="digitCanvas")
    draw(window.hand, canvas, 3)
    window.wait_for_text("predictionLabel", "3")
    window.hand.key("Ctrl+5")
    window.see(Role.LIST, "Layers")
