"""Why one class and not another: words and pictures of the evidence found last, for classes by name."""

from types import SimpleNamespace

import numpy as np
import pytest
from hand import choose_entry
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget

from cadl_gui.domain.evidence import Evidence
from cadl_gui.domain.presets import preset
from cadl_gui.domain.view import DrawView
from cadl_gui.engine.view_state import ViewState
from cadl_gui.ui.draw.evidence_panel import EvidencePanel
from cadl_gui.ui.draw.evidence_view import EvidenceView

pytestmark = pytest.mark.gui


@pytest.fixture
def view(qapp):
    return ViewState()


@pytest.fixture
def panel(qtbot, theme, jobs, view):
    panel = EvidencePanel(theme, jobs, view)
    qtbot.addWidget(panel)
    panel.resize(900, 200)
    panel.show()
    return panel


@pytest.fixture
def part(panel):
    return lambda name, kind=QWidget: panel.findChild(kind, name)


def found(names, of_pixels, biases, preset_name="softmax"):
    """A classifier of these classes, and evidence whose pixels and biases give these parts of the logits."""
    contributions = np.zeros((len(names), 6, 9, 1), np.float32)
    contributions[:, 1, 2, 0] = of_pixels
    config = preset(preset_name).config
    about = SimpleNamespace(class_names=names, config=config, is_ink_on_black=True)
    evidence = Evidence(contributions, np.float32(of_pixels) + np.float32(biases))
    return SimpleNamespace(letter="A", description=about), evidence, np.zeros((6, 9, 1), np.float32)


ANIMALS = found(("cat", "dog", "fox"), (1.0, 3.0, 2.0), (0.5, 0.25, -1.5))
"""Logits 1.5, 3.25 and 0.5."""
PLANTS = found(("oak", "elm", "fir", "yew"), (0.5, 0.0, 2.0, 4.0), (0.0, 0.75, 5.0, 0.25), "conv-classifier")
"""Logits 0.5, 0.75, 7 and 4.25."""


def test_the_words_are_of_the_classes_found_last_and_the_one_that_is_chosen(qtbot, panel, part, view):
    text, other = part("sectionText", QLabel), part("otherClassCombo", QComboBox)
    offered = {"animals": ["2nd", "cat", "dog", "fox"], "plants": ["2nd", "oak", "elm", "fir", "yew"]}
    for name, chosen, of_it, first, than in (
        ("animals", "2nd", ANIMALS, "dog", "cat"),
        ("plants", "2nd", PLANTS, "fir", "yew"),
        ("plants", "oak", PLANTS, "fir", "oak"),
        ("animals", "2nd", ANIMALS, "dog", "cat"),
        ("animals", "fox", ANIMALS, "dog", "fox"),
        ("animals", "dog", ANIMALS, "dog", "cat"),
    ):
        panel.set_evidence(*of_it)
        qtbot.waitUntil(lambda name=name: [other.itemText(i) for i in range(other.count())] == offered[name])
        choose_entry(other, chosen)
        names, logits = of_it[0].description.class_names, of_it[1].logits
        odds = np.exp(logits[names.index(first)] - logits[names.index(than)])
        times = f"{odds:,.0f}" if odds >= 10 else f"{odds:.1f}"
        assert text.text().endswith(f"In all, {first} is {times} times as likely as {than}.")
        assert f"; {first}, not {than}: " in part("evidenceView").accessibleDescription()
        words = "weight × pixel" if name == "animals" else "gradient × pixel"
        note = part("stageNote", QLabel).accessibleName()
        assert (note[:3], note.endswith(words)) == ("A ·", True)
        assert [card.lines[0] for card in part("evidenceCards").cards] == [*names]
        choose_entry(other, "2nd")


def test_all_classes_or_two_are_shown_as_chosen_also_again_and_nothing_once_it_is_cleared(
    qtbot, panel, part, view
):
    for is_all in (True, False, True):
        panel.set_evidence(*ANIMALS)
        qtbot.waitUntil(lambda: len(part("evidenceCards").cards) == 3)
        part("allEvidenceButton", QPushButton).click()
        assert view.value.draw.has_all_evidence == is_all
        assert (part("evidenceCards").isVisible(), part("evidenceView").isVisible()) == (is_all, not is_all)
        panel.clear()
        assert part("evidenceCards").cards == ()
        assert part("sectionText", QLabel).text() == ""
        assert not part("otherClassCombo").isVisible()
    view.change(draw=DrawView(why_not="yew"))
    assert part("evidenceView").isVisible()
    panel.set_evidence(*ANIMALS)
    qtbot.waitUntil(lambda: len(part("evidenceCards").cards) == 3)
    assert part("sectionText", QLabel).text().endswith("as likely as cat."), "there is no yew"
    panel.set_evidence(*PLANTS)
    qtbot.waitUntil(lambda: part("sectionText", QLabel).text().endswith("as likely as yew."))


def test_what_was_cleared_stays_so_whatever_is_chosen_then(qtbot, panel, theme, view):
    """The evidence was back after a change of the theme."""
    picture = panel.findChild(EvidenceView)
    empty = picture.accessibleDescription()
    for case, why_not in ((ANIMALS, "fox"), (PLANTS, "elm"), (ANIMALS, "cat")):
        panel.set_evidence(*case)
        qtbot.waitUntil(lambda: picture.accessibleDescription() != empty)
        panel.clear()
        for change in (
            lambda: theme.set_present(True),
            lambda why_not=why_not: view.change(draw=DrawView(why_not=why_not)),
            lambda: theme.set_mode("dark"),
            lambda: theme.set_present(False),
            lambda: theme.set_colour_map("grey"),
        ):
            change()
            assert picture.accessibleDescription() == empty
        theme.set_mode("light")


def test_the_sentences_leave_the_images_the_room_of_a_narrow_page(qtbot, panel, theme):
    """Beside a lesson on a projector, one image of 56 pixels was left of three."""
    about = panel.findChild(QLabel, "sectionText")
    theme.set_present(True)
    for width, is_shown in ((740, False), (1200, True), (740, False)):
        panel.resize(width, 240)
        qtbot.waitUntil(lambda: about.isVisible() is is_shown)  # noqa: B023
        qtbot.waitUntil(lambda: (panel.panels[0].width() == panel.width()) is not is_shown)  # noqa: B023
