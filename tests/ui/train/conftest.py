"""A theme applied as in the window, for widgets that depend on the style sheet."""

import pytest

from cadl_gui.ui.theme.theme import Theme


@pytest.fixture
def applied_theme(qapp):
    theme = Theme("light")
    theme.prepare(qapp)
    theme.apply(qapp)
    yield theme
    qapp.setStyleSheet("")
