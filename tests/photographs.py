"""Runs on images that are not ink: photographs, in colour and in grey, on the fake backends."""

import dataclasses

import numpy as np

from cadl_gui.domain.presets import preset

SHAPE = (48, 64, 3)
NAMES = tuple(f"kind of animal {letter}" for letter in "abcdefghij")
_WAVES = tuple(f"wave {letter}" for letter in "abcdefghij")
MNIST = preset("conv-classifier").config.replace(epochs=2)
AUTOENCODER = preset("emoji-autoencoder").config.replace(epochs=2)
CLASSIFIER = preset("conv-classifier").config.replace(epochs=2, dataset="emoji")
GREY = preset("autoencoder").config.replace(epochs=2, dataset="grey.npz")


def use_photographs(facts):
    """Let fake runs on “emoji” take photographs, wider than high, and those on “grey.npz” grey ones.

    Those on “waves.npz” take photographs, too, but in other classes.
    """
    describe, fetch, shapes = facts.description, facts.image_of_dataset, {}

    def description(run_id, config, *others):
        about = describe(run_id, config, *others)
        shape = {"emoji": SHAPE, "waves.npz": SHAPE, "grey.npz": (*SHAPE[:2], 1)}.get(config.data.dataset)
        if shape is None:
            return about
        shapes[run_id] = shape
        names = _WAVES if config.data.dataset == "waves.npz" else NAMES
        return dataclasses.replace(
            about, image_shape=shape, class_names=names, dataset_name="photos", is_ink_on_black=False
        )

    def image_of_dataset(request):
        return photograph() if shapes.get(request.run_id) == SHAPE else fetch(request)

    facts.description = description
    facts.image_of_dataset = image_of_dataset


def name_classes(facts, names):
    """Let all fake runs have these classes."""
    describe = facts.description
    facts.description = lambda *about: dataclasses.replace(describe(*about), class_names=names)


def photograph():
    """An image of the dataset: every pixel has another colour."""
    return np.arange(np.prod(SHAPE), dtype=np.uint32).reshape(SHAPE).astype(np.uint8)
