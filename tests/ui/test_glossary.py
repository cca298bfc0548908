"""The glossary: each word that is shown explains itself, in the words of the manual."""

import re

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QTextBrowser, QWidget

from cadl_gui.system.glossary import explained, glossary

MOST_LETTERS = 130


def test_each_word_has_one_plain_sentence_in_alphabetical_order():
    words = glossary()
    assert {"KL", "nat", "logit", "prior", "manifold", "tied weights", "epoch", "one-hot"} <= words.keys()
    assert [*words] == sorted(words, key=str.lower)
    for word, sentence in words.items():
        assert re.fullmatch(r"[A-Z0-9][^.!?]*\.", sentence.replace("1.44", "1,44")), word
        assert len(sentence) <= MOST_LETTERS, word


def test_a_tip_explains_the_words_that_are_shown_and_no_others():
    nat, kl = glossary()["nat"], glossary()["KL"]
    assert explained("Help", "KL 0.52, 3 nats and natural KL") == f"Help\nKL: {kl}\nNat: {nat}"
    assert explained("Help", "tied") == "Help"
    assert explained("", "Nats") == f"Nat: {nat}"
    assert explained("", "a batch normalisation").startswith("Batch normalisation: "), "not of a batch"


@pytest.mark.gui
def test_what_shows_such_a_word_explains_it_in_its_tip(window, find):
    shown = [
        (part.text(), part.toolTip())
        for kind in (QAction, QCheckBox)
        for part in window.findChildren(kind)
        if part.text() in {"KL", "Prior", "Manifold"}
    ]
    assert {text for text, _ in shown} == {"KL", "Prior", "Manifold"}
    for text, tip in shown:
        assert glossary()[next(word for word in glossary() if word.lower() == text.lower())] in tip, text
    assert glossary()["epoch"] in find("epochsSpin").toolTip()
    find("glossaryAction", QAction).trigger()
    document = window.findChild(QTextBrowser, "glossaryText").document()
    weights = {part.format.fontWeight() for part in document.begin().textFormats()}
    assert weights == {400, 600}, (
        "the type has no bolder one, and an i in what Qt makes of it reads like an l"
    )
    listed = document.toPlainText()
    assert all(sentence in listed for sentence in glossary().values())
    assert window.findChild(QWidget, "glossaryDialog").isVisible()
    assert isinstance(find("klCheck"), QAbstractButton)
