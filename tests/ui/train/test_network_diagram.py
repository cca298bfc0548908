"""The diagram shows the network that would be built: its layers, their shapes, and the bottleneck."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QToolTip, QVBoxLayout, QWidget

from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.presets import PRESETS
from cadl_gui.ui.figures.network_bars import network_bars
from cadl_gui.ui.train.network_diagram import NetworkDiagram

pytestmark = pytest.mark.gui

IMAGE, N_LABELS = (28, 28, 1), 10


def network(name, **changes):
    return model_spec(PRESETS[name].config.replace(**changes).model, IMAGE, N_LABELS)


@pytest.fixture
def theme(applied_theme):
    """With Details, which have the caption."""
    applied_theme.set_details(True)
    return applied_theme


@pytest.fixture
def diagram(qtbot, theme):
    diagram = NetworkDiagram(theme)
    qtbot.addWidget(diagram)
    diagram.resize(240, 1)  # as low as it goes
    diagram.show()
    qtbot.waitExposed(diagram)
    return diagram


def caption_of(diagram):
    return diagram.findChild(QLabel, "networkCaption").text().replace("\N{NO-BREAK SPACE}", " ")


def drawing_of(diagram):
    return diagram.childAt(120, 36)


def reported_at(diagram, x, y):
    drawing = drawing_of(diagram)
    place = QPoint(x, y)
    QApplication.sendEvent(drawing, QHelpEvent(QEvent.Type.ToolTip, place, drawing.mapToGlobal(place)))
    return QToolTip.text()


def ink_in_column(diagram, theme, column, n_columns):
    """Height of what is painted at the centre of a column, in pixels."""
    image = drawing_of(diagram).grab().toImage()
    window = QColor(theme.colours.window)
    x = int((column + 0.5) * image.width() / n_columns)
    return sum(image.pixelColor(x, y) != window for y in range(image.height()))


@pytest.mark.parametrize("name", PRESETS)
def test_every_layer_has_one_bar(name):
    built = network(name)
    bars = network_bars(built)
    assert [bar.shape for bar in bars] == [IMAGE, *(layer.output_shape for layer in built.layers)]
    assert [bar.about.split(":")[0] for bar in bars] == ["image", *(layer.name for layer in built.layers)]
    wholes = [bar.column for bar in bars if bar.part == "whole"]
    assert len(set(wholes)) == len(wholes)
    assert [bar.column for bar in bars] == sorted(bar.column for bar in bars)


@pytest.mark.parametrize(
    ("name", "caption"),
    [
        (
            "lecture-autoencoder",
            "28×28 → 512 → 256 → 128 → 64 → 128 → 256 → 512 → 28×28\n573,440 parameters, decoder tied",
        ),
        ("vae", "28×28 → 512 → 256 → 128 → 2 → 128 → 256 → 512 → 28×28\n1.1 M parameters"),
        ("lecture-softmax", "28×28 → 10\n7,850 parameters"),
        ("lecture-conv-classifier", "28×28 → 14×14×32 → 7×7×64 → 128 → 10\n454,922 parameters"),
    ],
)
def test_the_caption_reports_shapes_and_parameters(diagram, name, caption):
    diagram.set_spec(network(name))
    assert caption_of(diagram) == caption


def test_diagram_shows_the_channels_of_colour_images(diagram):
    diagram.set_spec(model_spec(PRESETS["softmax"].config.model, (32, 32, 3), 10))
    assert caption_of(diagram).startswith("32×32×3 → 10\n")


def test_the_pointer_reads_a_layer(diagram):
    diagram.set_spec(network("lecture-autoencoder"))
    assert reported_at(diagram, 5, 5) == "image: 28×28"
    assert reported_at(diagram, 40, 36) == "encoder_1: dense, 28×28 → 512, 401,408 parameters"
    assert reported_at(diagram, 235, 68) == "decoder_4: dense, 512 → 28×28, 0 parameters, kernel of encoder_1"


def test_mean_and_variance_of_a_latent_are_a_pair(diagram):
    diagram.set_spec(network("vae"))
    assert reported_at(diagram, 120, 10).startswith("z_mean: dense, 128 → 2,")
    assert reported_at(diagram, 120, 66).startswith("z_log_var: dense, 128 → 2,")


def test_an_autoencoder_is_an_hourglass(diagram, theme):
    """Bars become shorter towards the latent layer and longer again, symmetrically."""
    diagram.set_spec(network("lecture-autoencoder"))
    heights = [ink_in_column(diagram, theme, column, 9) for column in (1, 2, 3, 5, 6, 7)]
    assert heights[:3] == sorted(heights[:3], reverse=True)
    assert heights[:3] == heights[:2:-1]
    assert len(set(heights[:3])) == 3


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_latent_is_marked(diagram, theme, mode):
    theme.set_mode(mode)
    diagram.set_spec(network("lecture-autoencoder"))
    image = drawing_of(diagram).grab().toImage()
    assert image.pixelColor(120, 36) == QColor(theme.colours.text)


def test_diagram_is_reported_in_words_to_those_who_cannot_see_it(diagram):
    diagram.set_spec(network("vae"))
    words = diagram.accessibleDescription()
    assert all(layer.name in words for layer in network("vae").layers)
    assert words.startswith("image: 28×28; encoder_1: dense, 28×28 → 512, 401,920 parameters;")


def test_without_a_network_it_says_why(diagram, theme):
    diagram.set_spec(network("vae"))
    drawing = drawing_of(diagram)
    theme.set_details(False)
    assert diagram.findChild(QLabel, "networkCaption").isHidden(), "numbers that a class does not need"
    diagram.set_spec(None)
    assert diagram.findChild(QLabel, "networkCaption").isVisible()
    assert caption_of(diagram) == "The network appears once all fields are valid."
    assert drawing.isHidden(), "an empty drawing takes room"


def test_a_long_caption_pushes_down_what_is_below(qtbot, theme):
    """In a scrolling column, like the form of the Train tab."""
    area, content, diagram, below = QScrollArea(), QWidget(), NetworkDiagram(theme), QLabel("Epochs")
    qtbot.addWidget(area)
    column = QVBoxLayout(content)
    column.addWidget(diagram)
    column.addWidget(below)
    column.addStretch(1)
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.resize(240, 300)
    area.show()
    qtbot.waitExposed(area)
    diagram.set_spec(network("vae", layers=(1024, 512, 512, 256, 256, 128, 128, 64)))
    caption = diagram.findChild(QLabel, "networkCaption")
    qtbot.waitUntil(lambda: caption.height() >= caption.heightForWidth(caption.width()))
    drawing = drawing_of(diagram)
    assert caption.geometry().top() > drawing.geometry().bottom()
    assert below.geometry().top() > diagram.geometry().bottom()
    assert diagram.width() <= area.viewport().width()
