"""One tab by itself, on NumPy backends."""

import pytest
from PySide6.QtWidgets import QWidget
from trained import knows_the_end, train

from cadl_gui.core.presets import preset


@pytest.fixture
def shown(qtbot, qapp, engine, theme):
    """Shows the tab of a class, as large as in a window of 1440×900, with the fake backends loaded."""

    def shown(kind):
        tab = kind(engine, theme)
        qtbot.addWidget(tab)
        tab.resize(1208, 748)
        tab.show()
        qtbot.waitExposed(tab)
        engine.load()
        qtbot.waitUntil(lambda: engine.is_ready)
        return tab

    theme.apply(qapp)
    yield shown
    qapp.setStyleSheet("")


@pytest.fixture
def find(tab):
    """Finds a part of the test's `tab` by its name."""

    def find(name, kind=QWidget):
        widget = tab.findChild(kind, name)
        assert widget is not None, name
        return widget

    return find


@pytest.fixture
def train_vae(qtbot, engine, tab):
    """Trains a variational network, and waits until the Latent tab knows the codes of its last epoch."""

    def train_vae(**changes):
        run = train(qtbot, engine, preset("vae").configuration.replace(epochs=2, **changes))
        qtbot.waitUntil(lambda: knows_the_end(tab))
        return run

    return train_vae
