"""The latent plane of a variational autoencoder: the decoded image changes with the handle."""

import time

import pytest

from acceptance.accessibility import Node, Role

pytestmark = pytest.mark.acceptance


@pytest.fixture
def plane(window) -> Node:
    window.open_tab("Latent")
    window.hand.key("Ctrl+D")  # the numbers at the handle are Details
    plane = window.see(Role.FILLER, called="latentPlane")
    window.wait(lambda: plane.description, "the plane to say where its handle is")
    return plane


def z(window) -> tuple[float, float]:
    first, second = (window.see(Role.SPIN_BOX, called=f"latentSpin{i}") for i in (0, 1))
    return first.value, second.value


@pytest.mark.packaged
def test_dragging_the_plane_moves_z_and_decodes_another_image(window, plane):
    decoded = window.see(Role.FILLER, called="decodedImage")
    middle, image = z(window), window.looks(decoded)
    window.hand.stroke([plane.box.at(0.5, 0.5), plane.box.at(0.25, 0.3)])
    window.wait(lambda: z(window)[0] < middle[0] and z(window)[1] > middle[1], "z of the upper left")
    window.wait_to_change(decoded, image)
    assert window.looks(decoded).max() > 128, "no ink in what is decoded"


def test_typed_numbers_and_arrow_keys_move_the_handle(window, plane):
    decoded = window.see(Role.FILLER, called="decodedImage")
    window.hand.click(plane.box.at(0.6, 0.6))
    before = window.looks(decoded)
    window.fill_in("latentSpin0", "1.5")
    window.wait_to_change(decoded, before)
    assert z(window)[0] == 1.5
    window.hand.click(plane.box.at(0.5, 0.5))
    plane_before = window.looks(plane)
    _, height = z(window)
    window.hand.key("Up")
    window.wait(lambda: z(window)[1] > height, "z to grow with the arrow key")
    window.wait_to_change(plane, plane_before)


def test_pins_are_mixed_and_the_handle_drifts_by_itself(window, plane):
    for place in (plane.box.at(0.3, 0.3), plane.box.at(0.5, 0.7)):
        window.hand.click(place)
        window.click(Role.BUTTON, "Pin")
    at_second = z(window)
    window.click(Role.BUTTON, "Mix pins…")
    window.see(Role.DIALOG, "Mix pins*")
    share = window.see(Role.SLIDER, "Share of pin a")
    window.hand.click(share.box.at(0.95, 0.5))
    window.wait(lambda: z(window)[0] < at_second[0] and z(window)[1] > at_second[1], "a mixture of the pins")
    window.hand.key("Escape")
    window.wait(lambda: not window.find(Role.DIALOG, "Mix pins*"), "the dialog to close")
    mixed = z(window)
    window.click(Role.CHECK_BOX, "Drift")
    window.wait(lambda: z(window) != mixed, "the handle to drift")
    window.click(Role.CHECK_BOX, "Drift")

    def rests() -> bool:
        before = z(window)
        time.sleep(0.5)
        return z(window) == before

    window.wait(rests, "the handle to rest again")
