"""Ten numbered classes are digits if the images look like them."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from stores import store

from cadl_gui.datasets.digits import shows_digits
from cadl_gui.datasets.sources.mnist import load_mnist

SIZES = (18, 20, 23)


def printed(texts, n=120):
    """Images (n, 28, 28, 1) of ten texts in several sizes and places, and their labels."""
    images, labels = [], np.arange(n) % 10
    for number, label in enumerate(labels):
        image = Image.new("L", (28, 28))
        font = ImageFont.load_default(SIZES[number % len(SIZES)])
        place = (14 + number % 3 - 1, 14 + number % 2)
        ImageDraw.Draw(image).text(place, texts[label], 255, font, anchor="mm")
        images.append(np.asarray(image))
    return np.array(images)[..., np.newaxis], labels


@pytest.mark.parametrize("inverted", [False, True], ids=["on black", "on white"])
def test_digits_of_others_in_mnists_form_are_known(inverted):
    images, labels = printed("0123456789")
    assert shows_digits(store("mine", 255 - images if inverted else images, labels, n_test=20))
    mnist = load_mnist()
    late = np.arange(60_000, 60_400)
    assert shows_digits(store("t10k", mnist.images[late], mnist.labels[late], n_test=20))


@pytest.mark.parametrize("texts", ["ABCDEFGHIJ", "+-*/=<>?!%", "5678901234", "てめまみやきすおれつ"[:10]])
def test_other_images_of_ten_numbered_classes_are_no_digits(texts):
    """Letters, signs, and digits with the labels of others."""
    assert not shows_digits(store("other", *printed(texts), n_test=20))


def test_clothes_are_no_digits():
    """Blocks of grey of different widths and heights, as in Fashion-MNIST."""
    random, labels = np.random.default_rng(0), np.arange(200) % 10
    images = np.zeros((200, 28, 28, 1), np.uint8)
    for image, label in zip(images, labels, strict=True):
        width, height = 6 + 2 * (label % 5), 24 - 2 * (label // 2)
        texture = random.integers(100, 255, (height, width, 1))
        image[14 - height // 2 :, 14 - width // 2 :][:height, :width] = texture
    assert not shows_digits(store("fashion", images, labels, n_test=20))


def test_of_other_sizes_and_named_classes_the_names_decide():
    images, labels = printed("0123456789")
    assert shows_digits(store("small", images[:, ::2, ::2], labels, n_test=20))
    assert not shows_digits(store("nine", images, labels % 9, n_test=20))
    names = tuple(f"a {digit}" for digit in range(10))
    assert not shows_digits(store("named", images, labels, n_test=20, class_names=names))
    assert not shows_digits(store("unlabelled", images, None, n_test=20))
