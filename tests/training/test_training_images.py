"""Training images are the training part, with handwriting variants only if requested and applicable."""

import numpy as np
from stores import store

from cadl_gui.datasets.sources.mnist import load_mnist
from cadl_gui.datasets.split import split
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.training.training_images import training_images

PLAIN = RunConfig.of(preset="test", model="classifier", batch_size=10)
REWRITING = PLAIN.replace(handwriting_variants=1.0)


def ones(n, n_classes=10, name="Digits"):
    """Lines that look like 1s; all have the label 1 but one, which has the last label."""
    images = np.zeros((n, 12, 12, 1), np.uint8)
    images[:, 2:10, 6] = 255
    return store(name, images, np.array([1] * (n - 1) + [n_classes - 1]), n_test=n // 5)


def prepared(dataset, config):
    return training_images(dataset, split(dataset, config), config).gather(slice(None))


def test_without_other_ways_it_is_the_training_part_itself():
    dataset = ones(60)
    which = split(dataset, PLAIN).train
    images, labels = prepared(dataset, PLAIN)
    np.testing.assert_array_equal(images, dataset.images[which])
    np.testing.assert_array_equal(labels, dataset.labels[which])


def test_a_classifier_with_handwriting_variants_gets_them_and_the_dataset_is_unchanged():
    dataset = ones(60)
    untouched = dataset.images[:].copy()
    images, labels = prepared(dataset, REWRITING)
    assert (images != prepared(dataset, PLAIN)[0]).any(axis=(1, 2, 3))[labels == 1].all()
    np.testing.assert_array_equal(dataset.images[:], untouched)


def test_what_was_labelled_stays_as_it_was_drawn():
    dataset = ones(60).with_labelled(ones(3))
    images, _ = prepared(dataset, REWRITING)
    n_labelled = 3 * REWRITING.data.labelled_repeats
    np.testing.assert_array_equal(images[-n_labelled:], prepared(dataset, PLAIN)[0][-n_labelled:])


def test_autoencoders_and_images_without_labels_need_no_handwriting_variants():
    autoencoder = RunConfig.of(preset="test", batch_size=10, handwriting_variants=1.0)
    dataset = ones(60, 4)
    np.testing.assert_array_equal(prepared(dataset, autoencoder)[0], prepared(dataset, PLAIN)[0])
    bare = store("Bare", dataset.images[:], None, n_test=12)
    assert not prepared(bare, autoencoder)[1].any()


def test_ten_numbered_classes_of_other_images_get_no_handwriting_variants():
    """Fashion-MNIST has MNIST's form and names no classes; a 7 of it is a sneaker."""
    mnist = load_mnist()
    shuffled = store("Fashion", mnist.images[:60], (mnist.labels[:60] + 3) % 10, n_test=6)
    digits = store("Digits", mnist.images[:60], mnist.labels[:60], n_test=6)
    for dataset, are_altered in ((shuffled, False), (ones(60, 26, "Letters"), False), (digits, True)):
        images, plain = (prepared(dataset, config)[0] for config in (REWRITING, PLAIN))
        assert (images != plain).any() == are_altered
