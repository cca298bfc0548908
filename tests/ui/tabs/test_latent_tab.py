"""The Latent tab on NumPy backends: the handle is decoded, points and manifold change with the timeline."""

from dataclasses import replace

import numpy as np
import pytest
from hand import choose_entry, place_on
from idle import wait_until_idle
from photographs import AUTOENCODER, CLASSIFIER, use_photographs
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel
from seen import painted_anew
from trained import train

from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Classify, Decode
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.ui.latent.classifier_map import ClassifierMap
from cadl_gui.ui.latent.slider import LatentSlider
from cadl_gui.ui.latent.tab import LatentTab

pytestmark = pytest.mark.gui

SOFTMAX = preset("softmax").config.replace(epochs=2)
NO_CLASSIFIER = "A prediction needs a classifier of the same images: train one on “photos”, 48×64 in colour."


@pytest.fixture
def tab(shown):
    return shown(LatentTab)


def shown_grey(find):
    images = find("decodedImage").images
    return None if images is None else float(images.mean())


def test_a_press_takes_the_handle_there_and_shows_what_is_decoded(qtbot, find, engine, train_vae):
    train_vae()
    plane = find("latentPlane")
    qtbot.waitUntil(lambda: shown_grey(find) is not None)
    z0 = plane.to_plane(QPoint(plane.width() * 3 // 5, 50).toPointF())[0]
    qtbot.mousePress(plane, Qt.MouseButton.LeftButton, pos=QPoint(plane.width() * 3 // 5, 50))
    assert plane.handle[0] == pytest.approx(z0)
    qtbot.waitUntil(lambda: shown_grey(find) == pytest.approx(min(1, z0), abs=1e-5))
    assert find("latentSpin0").value() == pytest.approx(z0, abs=1e-3)


def test_a_typed_number_is_completely_visible(qtbot, tab, find, train_vae):
    train_vae()
    tab.resize(968, 616)
    for i, number in enumerate((-1.425, -10.425)):
        spin = find(f"latentSpin{i}")
        spin.setValue(number)
        line = spin.lineEdit()
        needed = line.fontMetrics().horizontalAdvance(line.text()) + line.textMargins().left()
        qtbot.waitUntil(lambda line=line, needed=needed: line.width() > needed)
        assert spin.geometry().right() <= spin.parentWidget().width()


def test_a_classifier_says_what_the_decoded_image_shows(qtbot, find, engine, train_vae):
    train(qtbot, engine, SOFTMAX)
    train_vae()
    find("latentSpin0").setValue(0.3)
    qtbot.waitUntil(lambda: find("answerLabel").text() == "3 · 100.0 %")
    assert "A · softmax" in find("answerSentence").text()
    assert "3 · 100.0 %" in find("latentPlane").accessibleDescription()


def test_where_the_timeline_has_moved_the_classifier_to_is_reported(qtbot, find, engine, train_vae):
    train(qtbot, engine, SOFTMAX)
    train_vae()
    find("latentSpin0").setValue(0.3)
    qtbot.waitUntil(
        lambda: find("answerSentence").text().endswith(f"A · softmax · epoch {SOFTMAX.training.epochs}")
    )
    engine.view.show(UNTRAINED)
    qtbot.waitUntil(lambda: find("answerSentence").text().endswith("A · softmax · untrained"))


def test_empty_regions_are_faded_about_data_wherever_they_lie(qtbot, find, engine, train_vae, facts):
    """Those about data far from the origin were not: what was faded lay twice as far from it."""
    near = facts.artifacts
    facts.artifacts = lambda *about: replace(near(*about), latents=near(*about).latents + 20)
    train_vae(variational=False)
    plane = find("latentPlane")
    for layer in ("points", "manifold"):
        find(f"{layer}Chip").click()
    find("densityChip").click()
    faded, empty = painted_anew(plane), QPoint(4, plane.height() // 2)
    at_data = place_on(plane, *plane.points.places[10])
    assert faded.pixelColor(empty).lightness() < faded.pixelColor(at_data).lightness()


def test_the_same_regions_are_faded_after_the_way_back_from_the_grid(qtbot, find, train_vae):
    """Those about the cells of the grid were faded instead, which are where no data lie."""
    train_vae(variational=False)
    plane = find("latentPlane")
    for layer in ("points", "manifold"):
        find(f"{layer}Chip").click()
    find("densityChip").click()
    places = plane.points.places
    find("gridButton").click()
    qtbot.waitUntil(lambda: not np.array_equal(plane.points.places, places))
    find("gridButton").click()
    qtbot.waitUntil(lambda: np.array_equal(plane.points.places, places))
    faded = painted_anew(plane)
    find("densityChip").click()
    assert painted_anew(plane) != faded
    find("densityChip").click()
    assert painted_anew(plane) == faded


def test_a_classifier_has_no_plane_of_its_own(qtbot, tab, find, engine, train_vae):
    train(qtbot, engine, SOFTMAX)
    assert find("noPlaneSentence").isVisible()
    assert find("noPlaneSentence").text() == "softmax has no latent plane."
    assert not find("latentPlane").isVisible()
    train_vae()
    assert find("latentPlane").isVisible()
    assert not find("otherRunNote").isVisible()


@pytest.mark.parametrize("name", ["vae", "conv-vae"])
def test_a_network_of_one_latent_has_no_plane(qtbot, find, engine, tab, name):
    """One that is convolutional was taken for one of several, and ended in an error."""
    train(qtbot, engine, preset(name).config.replace(epochs=1, latent_dim=1))
    assert find("noPlaneSentence").isVisible()
    assert find("noPlaneSentence").text() == f"{name} has no latent plane."


def test_the_plane_of_another_run_than_the_one_selected_says_so_and_offers_it(qtbot, find, engine, train_vae):
    vae = train_vae()
    engine.runs.rename(vae, "R&D")
    softmax = train(qtbot, engine, SOFTMAX)
    assert engine.view.run is softmax
    assert find("otherRunNote").isVisible()
    assert find("otherRunSentence").text() == "softmax has no latent plane."
    assert find("planeOwner").text() == "This is that of A · R&D."
    assert find("showPlaneRunButton").shortcut().isEmpty(), "it is Show RD, with a key"
    plane, note = find("latentPlane"), find("otherRunNote")
    before = plane.handle
    qtbot.mouseClick(note, Qt.MouseButton.LeftButton)
    assert plane.handle == before
    find("showPlaneRunButton").click()
    assert engine.view.run is vae
    assert not find("otherRunNote").isVisible()


def test_points_are_where_the_encoder_puts_them_at_the_position_of_the_timeline(
    qtbot, find, engine, train_vae
):
    train_vae()
    plane = find("latentPlane")
    qtbot.waitUntil(lambda: len(plane.points) == 50 and np.ptp(plane.points.places[:, 1]) == 4)
    engine.view.show(Position(1))
    qtbot.waitUntil(lambda: np.ptp(plane.points.places[:, 1]) == 2)
    np.testing.assert_array_equal(plane.points.labels, np.arange(50) % 10)


def test_the_map_is_that_of_the_classifier_at_the_epoch_that_is_shown(
    qtbot, tab, find, engine, theme, train_vae
):
    """Untrained, the fake classifier guesses; trained, it classifies a half bright image as 5."""
    train_vae()
    plane, five = find("latentPlane"), QColor(theme.label_colours("light")[5])
    for layer in ("manifold", "points", "prior"):
        if find(f"{layer}Chip").isChecked():
            find(f"{layer}Chip").click()
    bare = colour_at(plane, 0.5, 0.7)

    def is_tinted():
        colour = colour_at(plane, 0.5, 0.7)
        return colour != bare and abs(colour.hueF() - five.hueF()) < 0.03

    find("classifierChip").click()
    sides = []
    tab.findChild(ClassifierMap).arrived.connect(lambda labels, *_: sides.append(len(labels)))
    engine.training.train(SOFTMAX, paused=True)
    qtbot.waitUntil(lambda: sides == [48, 192])  # the fine map, too, is of the first weights
    assert not is_tinted()
    engine.training.resume()
    qtbot.waitUntil(is_tinted)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)
    engine.view.show(UNTRAINED)
    qtbot.waitUntil(lambda: colour_at(plane, 0.5, 0.7) == bare)


def test_the_map_appears_as_soon_as_it_is_switched_on(qtbot, window, find, engine, theme, train_vae):
    """With the runs as they are: nothing has to be trained or moved first."""
    train(qtbot, engine, SOFTMAX)
    train_vae()
    plane, five = find("latentPlane"), QColor(theme.label_colours("light")[5])
    for layer in ("manifold", "points", "prior"):
        if find(f"{layer}Chip").isChecked():
            find(f"{layer}Chip").click()
    bare = colour_at(plane, 0.5, 0.7)
    wait_until_idle(engine, window)
    find("classifierChip").click()
    qtbot.waitUntil(lambda: colour_at(plane, 0.5, 0.7) != bare)
    qtbot.waitUntil(lambda: abs(colour_at(plane, 0.5, 0.7).hueF() - five.hueF()) < 0.03)


@pytest.fixture
def map_alone(find):
    """The plane with nothing but the classifier's map, if there is one."""

    def show():
        for layer in ("manifold", "points", "prior"):
            if find(f"{layer}Chip").isChecked():
                find(f"{layer}Chip").click()
        if not find("classifierChip").isChecked():
            find("classifierChip").click()
        return find("latentPlane")

    return show


def test_a_map_of_digits_is_not_left_beneath_the_plane_of_images_in_colour(
    qtbot, window, find, engine, train_vae, map_alone, facts
):
    use_photographs(facts)
    train(qtbot, engine, SOFTMAX)
    train_vae()
    plane = map_alone()
    qtbot.waitUntil(lambda: find("answerLabel").text() != "")
    qtbot.waitUntil(lambda: colour_at(plane, 0.5, 0.7).saturationF() > 0)
    train(qtbot, engine, AUTOENCODER)
    qtbot.waitUntil(lambda: colour_at(plane, 0.5, 0.7).saturationF() == 0)
    wait_until_idle(engine, window)
    assert colour_at(plane, 0.5, 0.7).saturationF() == 0
    assert not find("answerLabel").text()
    assert find("answerSentence").text() == NO_CLASSIFIER


def test_the_map_is_that_of_a_classifier_which_takes_the_decoded_images(
    qtbot, find, engine, train_vae, map_alone, facts
):
    """The last classifier shown is of digits, and does not hide the one that takes photographs."""
    use_photographs(facts)
    train(qtbot, engine, CLASSIFIER)
    train(qtbot, engine, SOFTMAX)
    train(qtbot, engine, AUTOENCODER)
    plane = map_alone()
    qtbot.waitUntil(lambda: colour_at(plane, 0.5, 0.7).saturationF() > 0)
    assert not find("answerSentence").text()
    engine.runs.remove(engine.runs[0])
    qtbot.waitUntil(lambda: colour_at(plane, 0.5, 0.7).saturationF() == 0)  # its map goes with it


def test_a_classifier_of_other_classes_says_nothing_of_the_plane(qtbot, find, engine, map_alone, facts):
    """One of spots and waves said “waves · 99.4 %” of every emoji."""
    use_photographs(facts)
    train(qtbot, engine, CLASSIFIER.replace(dataset="waves.npz"))
    train(qtbot, engine, AUTOENCODER)
    plane = map_alone()
    assert find("answerSentence").text() == NO_CLASSIFIER
    assert colour_at(plane, 0.5, 0.7).saturationF() == 0
    train(qtbot, engine, CLASSIFIER)
    qtbot.waitUntil(lambda: colour_at(plane, 0.5, 0.7).saturationF() > 0)
    assert not find("answerSentence").text()


def colour_at(plane, z0, z1):
    """The colour on the screen at a point of the plane."""
    return plane.grab().toImage().pixelColor(place_on(plane, z0, z1))


def test_the_manifold_covers_the_view(qtbot, find, engine, train_vae):
    train_vae()
    plane = find("latentPlane")
    qtbot.waitUntil(lambda: len({tile.level for tile in plane.tiles}) == 3)


def test_many_latents_have_a_slider_each(qtbot, find, engine, train_vae):
    train_vae(latent_dim=5)
    kind = find("axesKindCombo")
    choose_entry(kind, kind.itemText(1))
    find("latentSlider4").setValue(100)
    assert find("latentSpin4").value() != 0
    assert find("latentPlane").handle == (0, 0)


def test_fields_of_latents_are_built_once_they_are_shown(qtbot, tab, find, engine, theme, train_vae):
    """A step of a lesson took 120 ms for fields that stand there with Details only."""
    theme.set_details(False)
    train_vae(latent_dim=5)
    wait_until_idle(engine)
    assert not tab.findChildren(LatentSlider)
    plane = find("latentPlane")
    for n_latents, n_sliders in ((5, 5), (2, 0), (5, 5)):
        train_vae(latent_dim=n_latents)
        qtbot.waitUntil(lambda: len(plane.points) == 50)
        qtbot.mousePress(plane, Qt.MouseButton.LeftButton, pos=place_on(plane, 0.5, 0.25))
        qtbot.mouseRelease(plane, Qt.MouseButton.LeftButton, pos=place_on(plane, 0.5, 0.25))
        theme.set_details(True)
        z = engine.view.value.chosen(engine.view.value.run).z
        assert [find(f"latentSpin{i}").value() for i in range(n_latents)] == pytest.approx(z, abs=1e-3)
        assert len([each for each in tab.findChildren(LatentSlider) if each.isVisible()]) == n_sliders
        spreads = [label for label in tab.findChildren(QLabel) if label.text().startswith(("σ ", "KL "))]
        assert len([label for label in spreads if label.isVisible()]) == n_sliders
        theme.set_details(False)


def test_the_plane_says_which_images_are_on_it_and_whether_it_is_a_slice(qtbot, find, engine, tab, train_vae):
    """Beside a class without any area, teachers looked for a fault of theirs."""

    def note():
        return tab.findChildren(QLabel, "stageNote")[0].accessibleName()

    run = train_vae()
    n = len(find("latentPlane").points.places)
    assert n > 1
    qtbot.waitUntil(lambda: note() == f"A · vae · {run.newest} · {n:,} test images")
    train_vae(latent_dim=5)
    qtbot.waitUntil(lambda: note().endswith(" test images · a slice through 5 latents"))


def test_many_latents_leave_the_experiments_in_sight(qtbot, tab, find, train_vae):
    train_vae(latent_dim=5)
    tab.resize(968, 616)
    names = ("borderWalk", "placeDrawing", "mixPins", "reencode", "drift", "grid")
    buttons = [find(f"{name}Button") for name in names]
    qtbot.waitUntil(lambda: all(button.y() < buttons[-1].y() + 1 for button in buttons))
    for button in buttons:
        corner = button.mapTo(tab, button.rect().bottomRight())
        assert tab.rect().contains(corner)
    assert find("latentSlider0").mapTo(tab, QPoint()).y() > buttons[-1].mapTo(tab, QPoint()).y()


def test_no_more_components_are_offered_than_there_are_images(qtbot, tab, find, engine, facts):
    """The fifth component of four images ended in an error."""

    def few(config, done, many=facts.artifacts):
        of_many = many(config, done)
        return replace(of_many, latents=of_many.latents[:4], labels=of_many.labels[:4])

    facts.artifacts = few
    train(qtbot, engine, preset("vae").config.replace(epochs=2, latent_dim=6))
    qtbot.waitUntil(lambda: len(find("latentPlane").points.places) == 4)
    first = find("firstAxisCombo")
    choose_entry(first, first.itemText(first.count() - 1))
    assert [first.itemText(i) for i in range(first.count())] == ["1", "2", "3", "4"]
    choose_entry(find("axesKindCombo"), "Latents")
    assert first.count() == 6


def test_the_axes_of_many_latents_can_be_chosen(qtbot, find, engine, train_vae):
    train_vae(latent_dim=3)
    plane, share = find("latentPlane"), find("varianceShare")
    qtbot.waitUntil(lambda: share.text().endswith("2 of 3 latents are active."))
    assert share.text().startswith("100 % and 0 % of the variance")
    kind = find("axesKindCombo")
    choose_entry(kind, kind.itemText(1))
    assert share.text().startswith("50 % and 50 % of the variance")
    np.testing.assert_allclose(plane.points.places[:, 0], np.linspace(-2, 2, 50), atol=1e-2)
    choose_entry(find("secondAxisCombo"), find("secondAxisCombo").itemText(2))
    assert np.ptp(plane.points.places[:, 1]) == 0


def test_the_prior_is_drawn_about_zero_wherever_the_data_lie(qtbot, find, train_vae, facts):
    """Components have their origin at the mean of the data, about which it was drawn."""

    def displaced(config, done, centred=facts.artifacts):
        latents = centred(config, done).latents
        return replace(centred(config, done), latents=latents + np.eye(latents.shape[1])[0])

    facts.artifacts = displaced
    train_vae(latent_dim=3)
    plane = find("latentPlane")
    before = painted_anew(plane)
    find("priorChip").click()
    after = painted_anew(plane)
    changed = [
        x
        for x in range(plane.width())
        if any(before.pixel(x, y) != after.pixel(x, y) for y in range(0, plane.height(), 2))
    ]
    # The first component is the diagonal of the first two latents, and zero lies one below their mean.
    zero = place_on(plane, -(0.5**0.5), 0).x()
    assert (changed[0] + changed[-1]) / 2 == pytest.approx(zero, abs=3)


def test_each_run_has_its_handle_axes_and_view_there_and_back_hidden_and_shown(
    qtbot, tab, find, engine, train_vae
):
    """They began at the origin whenever a run was shown, and changes while the page was hidden were lost."""
    plane, kind = find("latentPlane"), find("axesKindCombo")

    def is_shown(z, axes, centre, height):
        spins = [find(f"latentSpin{i}").value() for i in range(len(z))]
        chosen = [find(f"{name}AxisCombo").currentIndex() for name in ("first", "second")]
        assert spins == pytest.approx(z, abs=1e-3)
        assert len(z) == 2 or (kind.currentIndex(), *chosen) == axes
        assert (*plane.view.centre, plane.view.height) == pytest.approx((*centre, height))
        return True

    flat = train_vae()
    key, deep_z = engine.runs.key(flat), [0.5, -1.25, 2, 0, 0.75, -0.125, 3, 1]
    plane.choose(ViewBox(-2, 1, 0.5, 1))
    for i, number in enumerate((0.75, -0.5)):
        find(f"latentSpin{i}").setValue(number)
    deep = train_vae(latent_dim=8)
    choose_entry(kind, "Latents")
    for name, text in (("second", "z 3"), ("first", "z 6")):
        choose_entry(find(f"{name}AxisCombo"), text)
    for i, number in enumerate(deep_z):
        find(f"latentSpin{i}").setValue(number)
    plane.choose(ViewBox(3, 4, -2, 6))
    of_flat, of_deep = ([0.75, -0.5], None, (-0.5, 0.75), 0.5), (deep_z, (1, 6, 3), (3.5, 2), 1)
    for _ in range(2):
        assert is_shown(*of_deep)
        np.testing.assert_allclose(plane.handle, (3, 0))
        engine.view.show_run(flat)
        assert is_shown(*of_flat)
        tab.hide()
        engine.view.change(of_run=engine.view.value.with_run(key, z=(1.5, -0.25), box=None))
        tab.show()
        assert is_shown([1.5, -0.25], None, plane.home.centre, plane.home.height)
        engine.view.change(of_run=engine.view.value.with_run(key, z=(0.75, -0.5), box=(-0.5, 0.75, 0.5)))
        assert is_shown(*of_flat)
        engine.view.show_run(deep)
        qtbot.waitUntil(lambda: kind.currentIndex() == 1 and len(plane.points) == 50)


def test_random_and_reset_move_all_latents_as_the_data_spread(qtbot, find, engine, train_vae):
    train_vae(latent_dim=3)
    qtbot.waitUntil(lambda: find("varianceShare").text().startswith("100 %"))
    find("randomLatentsButton").click()
    assert find("latentSpin0").value() != 0
    assert find("latentSpin2").value() == 0
    find("resetLatentsButton").click()
    assert find("latentSpin0").value() == pytest.approx(0, abs=1e-3)


def test_thumbnails_belong_to_their_points_after_the_timeline_moved(qtbot, find, engine, train_vae):
    train_vae()
    plane = find("latentPlane")
    find("thumbnailsChip").click()
    for epoch in (0, 2, 1):
        engine.view.show(Position(epoch))
    qtbot.waitUntil(lambda: plane.points.images is not None and plane.points.places[0, 1] == -1)
    expected = np.clip(plane.points.places[:, 0], 0, 1)
    np.testing.assert_allclose(plane.points.images.mean(axis=(1, 2, 3)), expected, atol=1e-3)


def test_a_run_without_probes_shows_where_its_examples_lie(qtbot, find, engine, facts):
    facts.artifacts = lambda config, done: None
    train(qtbot, engine, preset("vae").config.replace(epochs=2))
    plane = find("latentPlane")
    qtbot.waitUntil(lambda: len(plane.points) == 100 and plane.points.places[0, 1] == 1)
    assert plane.points.labels is None
    np.testing.assert_allclose(plane.points.places[:, 0], np.linspace(0, 0.99, 100), atol=1e-3)


def test_points_without_labels_are_sampled_too(qtbot, find, engine, facts):
    """Photographs have no classes; what each becomes is a Gaussian nevertheless."""
    known = facts.artifacts
    facts.artifacts = lambda config, done: replace(known(config, done), labels=None)
    train(qtbot, engine, preset("vae").config.replace(epochs=2))
    plane = find("latentPlane")
    qtbot.waitUntil(lambda: len(plane.points) == 50)
    assert plane.points.labels is None
    means = plane.points.places.copy()
    find("sampledButton").click()
    qtbot.waitUntil(lambda: bool((plane.points.places != means).any()))


def test_images_without_a_finite_latent_are_no_points_and_that_is_reported(qtbot, tab, find, engine, facts):
    def artifacts(config, done, known=facts.artifacts):
        retained = known(config, done)
        if done == 1:
            latents = retained.latents.copy()
            latents[:40, 0] = np.nan
            retained = replace(retained, latents=latents)
        return retained

    facts.artifacts = artifacts
    reported = []
    engine.notifications.unanswered.connect(reported.append)
    train(qtbot, engine, preset("vae").config.replace(epochs=2))
    plane = find("latentPlane")
    qtbot.waitUntil(lambda: len(plane.points) == 10)
    np.testing.assert_array_equal(plane.points.labels, np.arange(40, 50) % 10)
    assert reported == ["40 of 50 images could not be plotted: their latent vectors are not finite."]
    find("sampledButton").click()
    assert len(plane.points) == 10
    for epoch, n in ((1, 50), (2, 10), (1, 50)):
        engine.view.show(Position(epoch))
        wait_until_idle(engine, tab)
        assert len(plane.points) == n, "no samples of another epoch"


def test_where_no_latent_is_finite_no_spread_of_an_earlier_epoch_is_told(qtbot, tab, find, engine, facts):
    """How many latents are active was told of a network that had diverged since."""

    def artifacts(config, done, known=facts.artifacts):
        retained = known(config, done)
        return replace(retained, latents=np.full_like(retained.latents, np.nan)) if done == 1 else retained

    facts.artifacts = artifacts
    train(qtbot, engine, preset("vae").config.replace(epochs=2, latent_dim=5))
    engine.view.show(Position(1))
    qtbot.waitUntil(lambda: "of 5 latents are active" in find("varianceShare").text())
    spreads = [label for label in tab.findChildren(QLabel) if label.text().startswith(("σ ", "KL "))]
    assert len(spreads) == 5
    engine.view.show(Position(2))
    qtbot.waitUntil(lambda: not len(find("latentPlane").points))
    assert find("varianceShare").text() == ""
    assert all(label.text() == "" for label in spreads)


def test_samples_of_one_space_are_not_put_onto_the_plane_of_another(qtbot, tab, find, train_vae):
    train_vae()
    means = find("latentPlane").points.places
    find("sampledButton").click()
    qtbot.waitUntil(lambda: not np.array_equal(find("latentPlane").points.places, means))
    assert len(find("latentPlane").points) == 50
    train_vae(latent_dim=5)


def test_where_nothing_is_decoded_no_older_image_or_answer_stays(qtbot, find, engine, train_vae, facts):
    def value_of(request, snapshot, answer=facts.value_of):
        if snapshot.position == Position(1) and isinstance(request, Decode):
            raise CadlError("Not a number.")
        return answer(request, snapshot)

    facts.value_of = value_of
    train(qtbot, engine, SOFTMAX)
    train_vae()
    plane = find("latentPlane")
    qtbot.waitUntil(lambda: bool(find("answerLabel").text() and plane.tiles))
    engine.view.show(Position(1))
    qtbot.waitUntil(lambda: shown_grey(find) is None and not plane.tiles)
    assert not find("answerLabel").text()
    engine.view.go_live()
    qtbot.waitUntil(lambda: bool(find("answerLabel").text() and plane.tiles))


def test_a_classifier_without_an_answer_says_why(qtbot, find, engine, train_vae, facts):
    def value_of(request, snapshot, answer=facts.value_of):
        if isinstance(request, Classify):
            raise CadlError("Not a number.")
        return answer(request, snapshot)

    facts.value_of = value_of
    train(qtbot, engine, SOFTMAX)
    train_vae()
    qtbot.waitUntil(lambda: find("answerSentence").text() == "Not a number.")
    assert "Not a number." in find("latentPlane").accessibleDescription()


def test_an_answer_is_not_left_beside_an_image_that_no_classifier_takes(
    qtbot, find, engine, train_vae, facts
):
    train(qtbot, engine, SOFTMAX)
    grey = train_vae().run_id

    def value_of(request, snapshot, answer=facts.value_of):
        if isinstance(request, Decode) and request.run_id != grey:
            return np.zeros((len(request.latents), 8, 8, 3), np.float32)
        return answer(request, snapshot)

    facts.value_of = value_of
    find("latentSpin0").setValue(0.3)
    qtbot.waitUntil(lambda: find("answerLabel").text() == "3 · 100.0 %")
    train_vae()
    qtbot.waitUntil(lambda: find("decodedImage").images is not None and shown_grey(find) == 0)
    assert not find("answerLabel").text()
    assert not find("answerSentence").text()
