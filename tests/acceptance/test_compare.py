"""Runs are compared by the boxes in their rows: in every curve plot, and in a table."""

import pytest

from acceptance.accessibility import Role, State

pytestmark = pytest.mark.acceptance


def test_the_boxes_of_two_runs_put_their_curves_in_one_plot_and_their_fields_in_one_table(window):
    window.click(Role.LIST_ITEM, "C *")
    window.see(Role.LABEL, "Compare with")  # the list is open, on a small screen over the page
    for name in ("D *", "E *"):
        row = window.see(Role.LIST_ITEM, name)
        window.hand.click((row.box.x + row.box.width - 16, row.box.y + 17))
        window.wait(lambda row=row: row.has(State.CHECKED), f"{name} to be compared")
    plot = window.see(Role.FILLER, called="lossPlot")
    names = ("autoencoder", "conv-autoencoder", "denoising-autoencoder")
    window.wait(lambda: all(f" {name}" in plot.description for name in names), "three curves")
    window.choose_from_menu("Run", "Comparison…")
    window.see(Role.DIALOG, "Comparison*")
    curves = window.see(Role.FILLER, called="comparisonPlot")
    window.wait(lambda: window.looks(curves).std() > 5, "the curves")
    table = window.see(Role.LABEL, called="comparisonText")
    assert all(name in table.text for name in (*names, "Best on validation"))
    window.hand.key("Escape")
    window.wait(lambda: not window.find(Role.DIALOG, "Comparison*"), "the dialog to close")
