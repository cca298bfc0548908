"""The form shows all fields, explains invalid values below them, and returns a configuration."""

from types import SimpleNamespace

import numpy as np
import pytest
from hand import choose_entry, choose_preset
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QTextDocumentFragment, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QStyleOptionViewItem,
    QWidget,
)

from cadl_gui.datasets.library import LIBRARY
from cadl_gui.datasets.sources import SOURCES
from cadl_gui.domain.configuration import FIELDS, RunConfig
from cadl_gui.domain.dataset_library import DatasetLibrary
from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.families import Family
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.presets import PRESETS, preset
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.opened_datasets import OpenedDatasets
from cadl_gui.engine.view_state import ViewState
from cadl_gui.ui.controls.field_editor import FieldEditor
from cadl_gui.ui.figures.pixel_image import rgba_pixels
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.train.configuration_form import ConfigurationForm

pytestmark = pytest.mark.gui


class BoundForm(ConfigurationForm):
    """The form as a view of the next run."""

    def __init__(self, sources=SOURCES, library=LIBRARY, opened=None):
        self.view = ViewState()
        self.opened = opened or OpenedDatasets(sources, library, BackgroundJobs(), self.view)
        super().__init__(Theme("light"), self.opened)
        self.edited.connect(lambda next_run: self.view.change(next=next_run))
        self.view.bind(self, lambda: self.view.value.next, lambda: self.show_next(self.view.value.next))


def change(form, **texts):
    """Change texts from elsewhere."""
    form.view.change(next=form.view.value.next.replace(**texts))


def fill(form, config):
    """Fill in a configuration from elsewhere, as *Use these settings* does."""
    form.view.change(next=NextRun.of(config))


def config(form):
    assert form.next == form.view.value.next
    return form.checked.trainable


def is_valid(form):
    return config(form) is not None


@pytest.fixture
def form(qtbot):
    form = BoundForm()
    qtbot.addWidget(form)
    form.setFixedWidth(240)
    form.resize(240, 700)
    form.show()
    qtbot.waitExposed(form)
    return form


def retype(form, name, text):
    field = form.findChild(QWidget, name)
    (field if isinstance(field, QLineEdit) else field.lineEdit()).selectAll()
    QTest.keyClicks(field, text)
    return field


def message(form, field):
    label = form.findChild(QLabel, f"{field}Error")
    return label.text() if not label.isHidden() else ""


def test_a_new_form_holds_the_first_preset(form):
    assert is_valid(form)
    assert form.checked.error == ""
    assert config(form) == preset("lecture-autoencoder").config


def test_controls_are_found_by_name_and_explain_themselves(form):
    for name, kind in {
        "datasetCombo": QComboBox,
        "presetCombo": QComboBox,
        "epochsSpin": QSpinBox,
        "batchSizeSpin": QSpinBox,
        "learningRateSpin": QDoubleSpinBox,
        "seedSpin": QSpinBox,
        "convolutionalCheck": QCheckBox,
        "layersEdit": QLineEdit,
        "outputActivationCombo": QComboBox,
        "initialStddevSpin": QDoubleSpinBox,
    }.items():
        control = form.findChild(kind, name)
        assert control is not None, name
        assert control.accessibleName()
        assert control.toolTip()
    assert "1 to 10,000 epochs" in form.findChild(QSpinBox, "epochsSpin").toolTip()


def test_typing_reports_and_changes_the_configuration(form, qtbot):
    with qtbot.waitSignal(form.edited):
        retype(form, "epochsSpin", "12")
    retype(form, "learningRateSpin", "3e-4")
    assert config(form) == preset("lecture-autoencoder").config.replace(epochs=12, learning_rate=3e-4)


@pytest.mark.parametrize(
    ("control", "field", "text"),
    [
        ("epochsSpin", "epochs", "0"),
        ("batchSizeSpin", "batchSize", "-1"),
        ("learningRateSpin", "learningRate", "abc"),
        ("seedSpin", "seed", "1.5"),
    ],
)
def test_a_bad_value_is_explained_under_its_field_until_it_is_mended(form, control, field, text):
    spin = retype(form, control, text)
    assert spin.text() == text
    assert not is_valid(form)
    assert message(form, field) == form.checked.error != ""
    assert spin.property("invalid") is True
    assert form.checked.error in spin.accessibleDescription()
    retype(form, control, "0.01" if field == "learningRate" else "2")
    assert is_valid(form)
    assert message(form, field) == ""
    assert spin.property("invalid") is False


def test_every_bad_field_has_its_own_message(form):
    retype(form, "epochsSpin", "x")
    retype(form, "seedSpin", "y")
    assert "x" in message(form, "epochs")
    assert "y" in message(form, "seed")
    assert form.checked.error == message(form, "epochs")


def test_a_preset_fills_every_field_but_the_dataset(form, tmp_path):
    fill(form, config(form).replace(dataset=str(tmp_path), epochs=9))
    choose_preset(form, "lecture-conv-autoencoder")
    wanted = preset("lecture-conv-autoencoder")
    assert config(form) == wanted.config.replace(dataset=str(tmp_path))
    assert form.findChild(QLabel, "presetLine").text() == wanted.line


def test_a_preset_leaves_the_examples_whatever_was_typed(form):
    """With a text too long for a path, choosing a preset was an error that nobody caught."""
    choose_preset(form, "lecture-softmax")
    examples = form.findChild(QLineEdit, "labelledExamplesEdit")
    examples.setText("x" * 5000)
    assert "must not be longer than 4,096 characters" in message(form, "labelledExamples")
    choose_preset(form, "softmax")
    assert examples.text() == "x" * 5000
    examples.clear()
    assert config(form) == preset("softmax").config


def test_an_edit_keeps_the_name_of_the_preset_and_choosing_it_again_takes_the_edit_back(form):
    retype(form, "epochsSpin", "50")
    assert config(form).preset == "lecture-autoencoder"
    choose_entry(form.findChild(QComboBox, "presetCombo"), "lecture-autoencoder")
    assert config(form) == preset("lecture-autoencoder").config


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_survives_being_shown(form, name):
    shown = preset(name).config.replace(seed=77, learning_rate=1e-9, dataset="/data/digits")
    fill(form, shown)
    assert config(form) == shown


def test_a_preset_of_another_version_is_shown_by_its_name(form):
    shown = RunConfig.of(preset="from-elsewhere")
    fill(form, shown)
    assert config(form) == shown
    assert form.findChild(QLabel, "presetLine").text() == ""


def test_the_line_of_a_preset_says_what_was_changed_of_its_network(form):
    """It spoke of 64 numbers while 8 were set and drawn."""
    line = form.findChild(QLabel, "presetLine")
    for layers, text in (("512, 8", "512, 8"), ("2", "2")):
        choose_preset(form, "lecture-autoencoder")
        assert line.text() == preset("lecture-autoencoder").line
        form.findChild(QSpinBox, "epochsSpin").setValue(7)
        assert line.text() == preset("lecture-autoencoder").line
        retype(form, "layersEdit", layers)
        assert line.text().startswith(f"Changed: Layers {text}")
    choose_preset(form, "lecture-softmax")
    assert line.text() == preset("lecture-softmax").line


def test_more_is_closed_at_first_and_opens_with_a_click(form):
    check = form.findChild(QCheckBox, "useBiasCheck")
    assert not check.isVisible()
    QTest.mouseClick(form.findChild(QPushButton, "moreButton"), Qt.MouseButton.LeftButton)
    assert check.isVisible()
    check.click()
    assert config(form).model.use_bias is True


def test_fields_that_mean_nothing_are_hidden_and_harmless(form):
    form.findChild(QPushButton, "moreButton").click()
    kernels = form.findChild(QLineEdit, "kernelSizesEdit")
    assert not kernels.isVisible()
    kernels.setText("nonsense")
    assert is_valid(form)
    form.findChild(QCheckBox, "convolutionalCheck").click()
    assert kernels.isVisible()
    assert not is_valid(form)


def test_an_error_inside_more_opens_it(form):
    form.findChild(QCheckBox, "convolutionalCheck").setChecked(True)
    assert form.findChild(QPushButton, "moreButton").isChecked()
    assert "each of the 4 layers" in message(form, "kernelSizes")
    retype(form, "kernelSizesEdit", "4, 4, 4, 4")
    assert message(form, "kernelSizes") == ""
    assert "Strides" in message(form, "strides")
    retype(form, "stridesEdit", "2,2,2,2")
    assert config(form).model.strides == (2, 2, 2, 2)


@pytest.mark.parametrize(("item", "dialog"), [(2, "getOpenFileName"), (3, "getExistingDirectory")])
def test_a_path_chosen_from_disk_is_requested_and_can_become_the_dataset(
    qtbot, form, file_dialogs, item, dialog, tmp_path
):
    path = str(tmp_path / "images")
    file_dialogs.answer(path)
    combo = form.findChild(QComboBox, "datasetCombo")
    with qtbot.waitSignal(form.datasets.path_chosen) as requested:
        combo.setCurrentIndex(item)
    assert requested.args == [path]
    assert file_dialogs.asked[-1].how == dialog
    assert combo.currentText() == "MNIST"
    form.opened.open(path)
    qtbot.waitUntil(lambda: (combo.currentText(), combo.currentData()) == ("images", path))
    assert config(form).data.dataset == path
    combo.setCurrentText("MNIST")
    assert config(form).data.dataset == "mnist"


def test_a_batch_of_more_images_than_there_are_is_explained_at_its_field(qtbot, form, tmp_path):
    """A student's ninety pictures, with a batch of two hundred: the training failed to start."""
    images = np.zeros((90, 8, 8, 1), np.uint8)
    np.savez(tmp_path / "few.npz", images=images, labels=np.arange(90) % 3)
    choose_preset(form, "autoencoder")
    change(form, batch_size="200")
    form.opened.open(str(tmp_path / "few.npz"))
    qtbot.waitUntil(lambda: not is_valid(form))
    assert "73 images to train with" in message(form, "batchSize")
    assert "(8 recommended)" in message(form, "batchSize")
    assert form.findChild(QWidget, "batchSizeError").isVisible(), "its part of the form is open"
    change(form, batch_size="73")
    assert is_valid(form)
    change(form, batch_size="74")
    assert not is_valid(form)


def test_the_name_of_a_dataset_is_shown_as_it_is(qtbot, form):
    """Of rich text, Qt would fetch the images."""
    path = "/nowhere/<img src='//host/x.png'>"
    form.opened.open(path)
    qtbot.waitUntil(lambda: path in message(form, "dataset"))
    assert form.findChild(QLabel, "datasetError").textFormat() is Qt.TextFormat.PlainText
    combo = form.findChild(QComboBox, "datasetCombo")
    tip = combo.itemData(combo.currentIndex(), Qt.ItemDataRole.ToolTipRole)
    assert QTextDocumentFragment.fromHtml(tip).toPlainText() == path


@pytest.mark.parametrize(
    ("key", "item"),
    [
        (Qt.Key.Key_Down, 1),
        (Qt.Key.Key_PageDown, -1),
        (Qt.Key.Key_End, -1),
        (Qt.Key.Key_E, 1),
        (Qt.Key.Key_O, 2),
    ],
)
def test_keys_move_in_the_list_of_datasets_and_only_enter_opens_a_dialog(form, file_dialogs, key, item):
    """End and the letter O opened a dialog at once, because they chose an entry that opens one."""
    combo = form.findChild(QComboBox, "datasetCombo")
    QTest.keyClick(combo, key)
    assert combo.view().isVisible()
    assert combo.view().currentIndex().row() == item % combo.count()
    QTest.keyClick(combo.view(), Qt.Key.Key_Escape)
    assert not combo.view().isVisible()
    assert combo.currentText() == "MNIST"
    assert not file_dialogs.asked


def test_few_images_get_a_smaller_batch_size_than_the_presets(qtbot, form, tmp_path):
    """Train was disabled for 121 photographs, and was again after each choice of what to learn."""
    np.savez(tmp_path / "few.npz", images=np.zeros((120, 8, 8, 1), np.uint8), labels=np.arange(120) % 2)
    batch_size = form.findChild(QSpinBox, "batchSizeSpin")
    choose_preset(form, "autoencoder")
    own = batch_size.text()
    form.opened.open(str(tmp_path / "few.npz"))
    qtbot.waitUntil(lambda: batch_size.text() == "8")
    assert is_valid(form)
    choose_preset(form, "softmax")
    assert batch_size.text() == "8"
    assert is_valid(form)
    choose_preset(form, "autoencoder")
    form.opened.open("mnist")
    assert batch_size.text() == own


def test_two_images_are_too_few_whatever_the_batch_size(qtbot, form, tmp_path):
    """One validates and one tests. A batch size of 1 was proposed, with which no training begins either."""
    np.savez(tmp_path / "two.npz", images=np.zeros((2, 8, 8, 1), np.uint8), labels=np.arange(2))
    choose_preset(form, "autoencoder")
    form.opened.open(str(tmp_path / "two.npz"))
    qtbot.waitUntil(lambda: not is_valid(form))
    assert "too few images" in message(form, "dataset")
    assert not message(form, "batchSize")


def test_a_file_of_labelled_examples_is_chosen_from_disk_and_outlasts_another_preset(form, file_dialogs):
    edit = form.findChild(QLineEdit, "labelledExamplesEdit")
    paths = iter(["/x/drawings.npz", ""])
    file_dialogs.answer_by(lambda _: (next(paths), ""))
    choose = edit.findChild(QAction, "chooseExamplesAction")
    choose.trigger()
    choose.trigger()  # cancelled: stays
    assert config(form).data.labelled_examples == "/x/drawings.npz"
    choose_preset(form, "softmax")
    assert config(form).data.labelled_examples == "/x/drawings.npz"


def test_tab_moves_the_focus_from_top_to_bottom(form, qtbot):
    form.findChild(QPushButton, "moreButton").click()
    form.activateWindow()
    first = form.findChild(QWidget, "presetCombo")
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    seen = []
    n_shown = sum(editor.control.isVisible() for editor in form.findChildren(FieldEditor))
    for _ in range(n_shown + 1):
        seen.append(QApplication.focusWidget())
        QTest.keyClick(seen[-1], Qt.Key.Key_Tab)
    assert [widget.objectName() for widget in seen[:5]] == [
        "presetCombo", "datasetCombo", "epochsSpin", "learningRateSpin", "moreButton",
    ]  # fmt: skip

    def row_by_row():
        fields = [widget.parent() if isinstance(widget.parent(), FieldEditor) else widget for widget in seen]
        places = [(place.y(), place.x()) for place in (f.mapTo(form.widget(), QPoint()) for f in fields)]
        return places == sorted(places)

    qtbot.waitUntil(row_by_row)
    assert len(set(seen)) == len(seen)


def test_a_picture_chooses_a_family_and_is_marked_for_every_preset(form, qtbot):
    names = ("reconstructFamily", "denoiseFamily", "planeFamily", "classifyFamily")
    tiles = {name: form.findChild(QAbstractButton, name) for name in names}

    def marked():
        return [name for name, tile in tiles.items() if tile.isChecked()]

    assert marked() == ["reconstructFamily"]
    picture = rgba_pixels(tiles["denoiseFamily"].grab().toImage())
    black = (picture[: len(picture) // 2, :, :3] == 0).all(axis=2)
    given, made = (half.sum() for half in np.array_split(black, 2, axis=1))
    assert given > 1.03 * made > 0, "what it is given is noisy, what it makes of it is not"
    qtbot.mouseClick(tiles["planeFamily"], Qt.MouseButton.LeftButton)
    assert config(form) == preset("vae").config
    choose_preset(form, "conv-classifier")
    assert marked() == ["classifyFamily"]
    qtbot.mouseClick(tiles["classifyFamily"], Qt.MouseButton.LeftButton)
    assert form.next["preset"] == "conv-classifier", "it is of that family already"
    change(form, model="autoencoder")
    change(form, denoising="on")
    assert marked() == ["denoiseFamily"], "it is of what is typed, too"


def offered(form):
    combo = form.findChild(QComboBox, "presetCombo")
    return [combo.itemText(i) for i in range(combo.count())]


@pytest.mark.parametrize("family", Family)
def test_the_list_offers_the_presets_of_the_chosen_family_only(form, qtbot, family):
    """Twenty names to read were too many, although a picture had been chosen."""
    qtbot.mouseClick(form.findChild(QWidget, f"{family.name.lower()}Family"), Qt.MouseButton.LeftButton)
    assert offered(form) == list(family.presets)
    assert form.next["preset"] == family.first_preset


def test_the_open_list_says_what_each_preset_is(form):
    """“softmax” or “lecture-softmax”: the difference was told only after one was chosen."""
    combo = form.findChild(QComboBox, "presetCombo")
    for name in ("vae", "softmax"):
        choose_preset(form, name)
        combo.showPopup()
        rows = combo.view()
        for row in range(combo.count()):
            option = QStyleOptionViewItem()
            rows.itemDelegate().initStyleOption(option, combo.model().index(row, 0))
            assert option.text == f"{combo.itemText(row)} – {PRESETS[combo.itemText(row)].line}"
        assert rows.width() >= rows.sizeHintForColumn(0) > 0
        combo.hidePopup()


def test_a_configuration_from_elsewhere_brings_its_family_along(form):
    fill(form, preset("conv-classifier").config)
    assert form.findChild(QAbstractButton, "classifyFamily").isChecked()
    assert offered(form) == list(Family.CLASSIFY.presets)
    assert form.next["preset"] == "conv-classifier"
    fill(form, preset("vae").config)
    assert offered(form) == list(Family.PLANE.presets)


def test_a_preset_edited_until_it_is_of_another_family_stays_and_its_own_takes_the_edit_back(form, qtbot):
    change(form, denoising="on")
    assert offered(form) == ["lecture-autoencoder", *Family.DENOISE.presets]
    assert form.next["preset"] == "lecture-autoencoder"
    qtbot.mouseClick(form.findChild(QWidget, "reconstructFamily"), Qt.MouseButton.LeftButton)
    assert offered(form) == list(Family.RECONSTRUCT.presets)
    assert config(form) == preset("lecture-autoencoder").config


def test_where_there_is_room_preset_fields_and_network_lie_side_by_side(form, qtbot):
    """The form lies beneath the images, which have the height."""
    names = ("presetCombo", "datasetCombo", "epochsSpin", "networkDiagram")

    def lefts():
        return [form.findChild(QWidget, name).mapTo(form, QPoint()).x() for name in names]

    form.setFixedWidth(1200)
    qtbot.waitUntil(lambda: lefts() == sorted(set(lefts())))
    assert form.verticalScrollBar().maximum() == 0
    form.setFixedWidth(240)
    qtbot.waitUntil(lambda: len(set(lefts())) == 1)


def test_form_scrolls_down_but_never_sideways(form, qtbot):
    form.findChild(QCheckBox, "convolutionalCheck").click()
    retype(form, "layersEdit", "a" * 400)
    form.resize(240, 300)
    qtbot.waitUntil(lambda: form.verticalScrollBar().maximum() > 0 == form.horizontalScrollBar().maximum())
    assert form.widget().width() <= form.viewport().width()


def test_a_field_that_was_filled_in_from_elsewhere_is_scrolled_to_once(form, qtbot):
    form.resize(240, 300)
    bar, seed = form.verticalScrollBar(), form.findChild(QWidget, "seedSpin")
    change(form, seed="7")
    qtbot.waitUntil(lambda: not seed.visibleRegion().isEmpty())
    bar.setValue(0)
    for text in ("70000", "100"):
        highest = bar.maximum()
        retype(form, "batchSizeSpin", text)
        qtbot.waitUntil(lambda highest=highest: bar.maximum() != highest)
        QApplication.processEvents()
        assert seed.visibleRegion().isEmpty(), "the form jumped back"
    change(form, seed="8")
    qtbot.waitUntil(lambda: not seed.visibleRegion().isEmpty())
    bar.triggerAction(bar.SliderAction.SliderToMinimum)
    highest = bar.maximum()
    form.resize(240, 200)
    qtbot.waitUntil(lambda: bar.maximum() != highest)
    QApplication.processEvents()
    assert bar.value() == 0, "the form left where it was scrolled to"


def test_a_form_filled_in_from_elsewhere_begins_at_its_top(form, qtbot):
    """Also if one field differs beside the examples, or at the start: preset and network were hidden."""
    more, bar = form.findChild(QPushButton, "moreButton"), form.verticalScrollBar()
    form.resize(240, 300)
    more.setChecked(True)
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    change(form, seed="7", labelled_examples="/x.h5")
    QApplication.processEvents()
    assert (bar.value(), more.isChecked()) == (0, False)
    more.setChecked(True)
    bar.setValue(bar.maximum())
    change(form, labelled_examples="")
    QApplication.processEvents()
    assert (bar.value() > 0, more.isChecked()) == (True, True), "labelled examples are named beside Train"
    new = BoundForm()
    qtbot.addWidget(new)
    new.show_next(NextRun().replace(seed="7"))
    assert not new.findChild(QPushButton, "moreButton").isChecked()


def test_the_wheel_scrolls_past_choices(form):
    combo = form.findChild(QComboBox, "presetCombo")
    centre = QPointF(combo.rect().center())
    down = QWheelEvent(
        centre, combo.mapToGlobal(centre), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(combo, down)
    assert combo.currentText() == "lecture-autoencoder"


def test_a_restricted_form_has_few_editable_fields_and_checks_again(form):
    def check(config):
        if config.training.epochs < 3:
            raise ConfigurationError("epochs", "Three at least.")

    form.restrict({"epochs", "schedule"}, "These stay.", check)
    assert form.findChild(QSpinBox, "epochsSpin").isEnabled()
    assert form.findChild(QComboBox, "scheduleCombo").isVisible()
    stays = form.findChild(QSpinBox, "batchSizeSpin")
    assert (stays.isEnabled(), stays.toolTip()) == (False, "These stay.")
    retype(form, "epochsSpin", "2")
    assert message(form, "epochs") == "Three at least."
    assert not is_valid(form)
    retype(form, "epochsSpin", "3")
    assert is_valid(form)


def room(form):
    return form.findChild(QLabel, "roomLine").text()


def write_arrays(path, shape, labels=None):
    arrays = {"images": np.zeros(shape, np.uint8)} | ({} if labels is None else {"labels": labels})
    np.savez(path, **arrays)
    return str(path)


def test_form_says_what_the_shipped_dataset_is(form):
    assert room(form).startswith("70,000 images of 28×28, 10 classes\n")


def test_a_dataset_that_is_chosen_is_looked_at_and_the_network_drawn_for_it(form, qtbot, tmp_path):
    path = write_arrays(tmp_path / "flags.npz", (20, 8, 6, 3), np.arange(20) % 5)
    fill(form, preset("lecture-softmax").config)
    form.opened.open(path)
    qtbot.waitUntil(lambda: room(form).startswith("20 images of 8×6 in colour, 5 classes\n"))
    rows = form.findChild(QWidget, "networkDiagram").accessibleDescription()
    assert "8×6×3" in rows
    assert "784" not in rows


def test_images_without_labels_cannot_be_classified(form, qtbot, tmp_path):
    path = write_arrays(tmp_path / "faces.npz", (20, 8, 6, 1))
    form.opened.open(path)
    qtbot.waitUntil(lambda: room(form).startswith("20 images of 8×6, without labels\n"))
    change(form, batch_size="2")
    assert is_valid(form)
    change(form, model="classifier")
    assert "at least two different labels" in message(form, "model")
    assert not is_valid(form)


def test_what_is_no_dataset_says_so_at_once(form, qtbot, tmp_path):
    (tmp_path / "broken.npz").write_bytes(b"not an archive")
    form.opened.open(str(tmp_path / "broken.npz"))
    qtbot.waitUntil(lambda: "broken.npz" in message(form, "dataset"))
    assert room(form) == ""
    form.opened.open("mnist")
    assert message(form, "dataset") == ""


def test_a_path_that_a_file_names_is_looked_at_only_if_it_was_prepared_here(qtbot):
    looked_at = []

    def preview(dataset):
        looked_at.append(dataset)
        return Preview(42, (32, 24, 3), ("fence", "sky"))

    prepared = [SimpleNamespace(dataset="/photos:size=32"), SimpleNamespace(dataset="/others")]
    library = DatasetLibrary(preview=preview, prepared=lambda: prepared)
    form = BoundForm(library=library)
    qtbot.addWidget(form)
    form.show()
    softmax = preset("lecture-softmax").config
    for dataset in ("/theirs", "/photos:size=64", "/photos:size=32"):
        fill(form, softmax.replace(dataset=dataset))
    qtbot.waitUntil(lambda: room(form).startswith("42 images of 32×24 in colour, 2 classes\n"))
    fill(form, softmax.replace(dataset="/theirs"))
    assert room(form) == ""
    assert looked_at == ["/photos:size=32"]


def test_a_path_that_cannot_be_says_so(form, qtbot):
    form.opened.open("~nobody-of-that-name/digits.npz")
    qtbot.waitUntil(lambda: message(form, "dataset") != "")


@pytest.mark.parametrize(
    ("rate", "said"), [("1000", "Very large."), ("10", "Very large."), ("1e-8", "Very small."), ("0.01", "")]
)
def test_an_absurd_learning_rate_is_said_before_training_and_not_forbidden(form, rate, said):
    change(form, learning_rate=rate)
    label = form.findChild(QLabel, "learningRateError")
    assert label.text().split(" A ")[0] == said
    assert label.isHidden() == (not said)
    assert is_valid(form)
    assert ("usual are 0.0001 to 0.01" in label.text()) == bool(said)


def test_beside_a_field_with_a_message_names_stay_above_their_controls(form, qtbot):
    form.setFixedWidth(1100)
    change(form, learning_rate="1000")
    labels = [label for label in form.findChildren(QLabel) if label.buddy() is not None and label.isVisible()]
    qtbot.waitUntil(lambda: max(label.parentWidget().height() for label in labels) > 80)
    for label in labels:
        assert label.buddy().y() < label.heightForWidth(label.width()) + 8, label.text()


@pytest.mark.parametrize("name", PRESETS)
def test_no_preset_is_cautioned_about(form, name):
    fill(form, PRESETS[name].config)
    assert form.findChild(QLabel, "learningRateError").text() == ""


@pytest.fixture
def without_bfloat16(processor):
    """A processor that computes no bfloat16, with the sentence that says so."""
    processor("avx avx2")
    return "bfloat16 needs the instructions amx_bf16 or avx512_bf16; this processor has neither."


def test_a_processor_without_bfloat16_is_named_below_the_precision(without_bfloat16, form):
    """The choice is there, but cannot be made; `auto` can, and chooses float32."""
    combo = form.findChild(QComboBox, "precisionCombo")
    assert message(form, "precision") == without_bfloat16
    assert without_bfloat16 in combo.accessibleDescription()
    choices = {combo.itemText(i): combo.model().item(i).isEnabled() for i in range(combo.count())}
    assert choices == {"float32": True, "bfloat16": False, "auto": True}
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_End)
    assert config(form).training.precision == "auto"
    QTest.keyClick(combo, Qt.Key.Key_Up)
    assert config(form).training.precision == "float32"


def test_a_gpu_offers_bfloat16_once_it_is_known(without_bfloat16, form):
    fill(form, preset("vae").config.replace(precision="bfloat16"))
    form.set_device("GPU")
    assert message(form, "precision") == ""
    assert config(form).training.precision == "bfloat16"
    combo = form.findChild(QComboBox, "precisionCombo")
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Down):
        QTest.keyClick(combo, key)
    assert combo.currentText() == "bfloat16"
    assert not combo.itemData(combo.currentIndex(), Qt.ItemDataRole.ToolTipRole)


def test_a_processor_that_is_known_offers_what_it_offered(without_bfloat16, form):
    form.set_device("CPU")
    assert message(form, "precision") == without_bfloat16


def test_a_run_in_bfloat16_from_elsewhere_cannot_be_trained_again_here(without_bfloat16, form):
    fill(form, preset("vae").config.replace(precision="bfloat16"))
    assert not is_valid(form)
    assert form.checked.error == without_bfloat16
    assert form.findChild(QPushButton, "moreButton").isChecked()


def test_where_the_processor_computes_bfloat16_it_is_a_choice_like_others(processor, qtbot):
    processor("avx amx_bf16")
    form = BoundForm()
    qtbot.addWidget(form)
    form.show()
    assert message(form, "precision") == ""
    fill(form, preset("vae").config.replace(precision="bfloat16"))
    assert config(form).training.precision == "bfloat16"


def everything_in(form):
    """What each named part of a form says, whether it is hidden, and how it is explained."""
    found = {}
    for part in form.findChildren(QWidget):
        name = part.objectName()
        if not name or name.startswith("qt_"):
            continue
        match part:
            case QComboBox():
                items = [part.itemText(i) for i in range(part.count())]
                said = part.currentText(), [] if name == "datasetCombo" else items
            case QAbstractButton():
                said = part.text(), part.isChecked()
            case QAbstractSpinBox():
                said = part.lineEdit().text()
            case QLabel() | QLineEdit():
                said = part.text()
            case _:
                said = getattr(part, "spec", None)
        explained = part.toolTip(), part.accessibleDescription(), part.property("invalid")
        found[name] = said, part.isHidden(), part.isEnabled(), *explained
    return found


def test_whatever_was_shown_before_a_form_is_like_a_new_one_that_shows_the_same(form, qtbot, tmp_path):
    """Preset, family, dataset, what is invalid and back again: nothing stays of the settings before."""
    path = tmp_path / "few.npz"
    np.savez(path, images=np.zeros((26, 8, 6, 3), np.uint8), labels=np.arange(26) % 2)
    form.opened.open(str(path))
    qtbot.waitUntil(lambda: form.opened.preview_of(str(path)) is not None)
    form.findChild(QPushButton, "moreButton").setChecked(True)
    first = NextRun()
    shown = [
        first,
        NextRun.of(preset("vae").config),
        NextRun.of(preset("vae").config).replace(epochs="", seed="1.5", beta="x"),
        NextRun.of(preset("conv-classifier").config).replace(dataset=str(path), batch_size="23"),
        NextRun.of(preset("conv-classifier").config).replace(dataset=str(path), batch_size="2"),
        NextRun.of(preset("softmax").config).replace(dataset="/nowhere.npz", learning_rate="1000"),
        first.replace(denoising="on"),
        NextRun.of(RunConfig.of(preset="from-elsewhere")),
        NextRun.of(preset("celeb-vae").config),
        first.replace(layers="64, many", labelled_examples="/x.h5"),
    ]
    expected = {}
    for state in shown:
        new = BoundForm(opened=form.opened)
        qtbot.addWidget(new)
        new.findChild(QPushButton, "moreButton").setChecked(True)
        new.show_next(state)
        expected[state] = new.checked, everything_in(new)
    for state in (*shown, *reversed(shown), shown[3], shown[0]):
        form.view.change(next=state)
        said, (checked, of_new) = everything_in(form), expected[state]
        editors = [editor for editor in form.findChildren(FieldEditor) if not editor.isHidden()]
        names = {about.label: name for name, about in FIELDS.items()}
        applicable = {names[editor.control.accessibleName()] for editor in editors}
        assert applicable == {name for name in FIELDS if state.is_shown(name)}
        wrong = {
            names[editor.control.accessibleName()] for editor in editors if editor.control.property("invalid")
        }
        assert wrong == {*checked.errors}
        assert (form.next, form.checked.config, form.checked.errors) == (
            state,
            checked.config,
            checked.errors,
        )
        # What is unfolded depends on what changed, not on what is shown.
        differs = {name for name in said if said[name] != of_new[name]} - {"moreButton"}
        if checked.config is None:  # while something is half-typed, the network of before stays
            differs -= {"networkDiagram", "networkCaption", "roomLine"}
        assert differs == set()


def test_what_is_typed_is_told_once_with_all_other_fields_as_they_are(form):
    told = []
    form.edited.connect(told.append)
    fill(form, preset("vae").config.replace(seed=5))
    assert told == []
    before = form.next
    for name, field, text in (
        ("epochs", "epochsSpin", "7"),
        ("seed", "seedSpin", "8"),
        ("epochs", "epochsSpin", "9"),
    ):
        before = before.replace(**{name: text})
        retype(form, field, text)
        assert told[-1] == before == form.view.value.next
    told.clear()
    form.findChild(QCheckBox, "variationalCheck").click()
    assert told == [before.replace(variational="off")]
    choose_entry(form.findChild(QComboBox, "presetCombo"), "vae")
    assert told[1:] == [NextRun.of(preset("vae").config)], "chosen again, it takes edits back"
    change(form, epochs="3")
    assert len(told) == 2
