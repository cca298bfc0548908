"""A theme that is applied, as the window does it, for widgets that a style sheet shapes."""

import pytest

from cadl_gui.ui.theme.theme import Theme


@pytest.fixture
def applied_theme(qapp):
    theme = Theme("light")
    theme.prepare(qapp)
    theme.apply(qapp)
    yield theme
    qapp.setStyleSheet("")
