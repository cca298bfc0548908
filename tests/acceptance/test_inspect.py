"""The diagram of a network leads to its layers, and a layer is shown before the training and now."""

import pytest

from acceptance.accessibility import Role, State

pytestmark = pytest.mark.acceptance


def test_a_click_in_the_diagram_opens_a_layer_and_arrow_keys_the_next(window):
    window.click(Role.LIST_ITEM, "B conv-classifier*")
    window.open_tab("Inspect")
    layers = window.see(Role.LIST, "Layers")
    window.wait(lambda: "conv" in layers.showing(Role.LIST_ITEM)[0].name, "its layers")
    first, second, *_ = layers.showing(Role.LIST_ITEM)
    window.wait(lambda: first.has(State.SELECTED), "the first layer to be open")
    kernels = window.see(Role.FILLER, called="weightsMontage")
    window.wait(lambda: window.looks(kernels).std() > 10, "its kernels")
    of_first = window.looks(kernels)
    window.hand.click(second.box.at(0.5, 0.5))
    window.wait(lambda: second.has(State.SELECTED), "the layer that was clicked")
    window.wait_to_change(kernels, of_first)
    window.hand.key("Left")
    window.wait(lambda: first.has(State.SELECTED), "the layer before it")


def test_kernels_before_the_training_lie_beside_those_of_now(window):
    window.click(Role.LIST_ITEM, "B conv-classifier*")
    window.open_tab("Inspect")
    now = window.see(Role.FILLER, called="weightsMontage")
    wide = now.box.width
    window.click(Role.CHECK_BOX, "Before | now")
    window.see(Role.LABEL, "untrained")
    before = window.see(Role.FILLER, called="weightsBefore")
    window.wait(lambda: window.looks(before).std() > 10, "the untrained kernels")
    assert (before.box.y, before.box.width) == (now.box.y, now.box.width)
    assert (window.looks(before) != window.looks(now)).any(axis=2).mean() > 0.05, "they look alike"
    assert now.box.width < wide
    window.click(Role.CHECK_BOX, "Before | now")
    window.wait(lambda: not window.find(Role.FILLER, called="weightsBefore"), "those of now alone")
    assert now.box.width == wide
