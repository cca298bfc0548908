"""Presets are grouped by what a network is trained to do."""

from cadl_gui.domain.families import Family, family_of
from cadl_gui.domain.presets import PRESETS, preset


def test_each_family_begins_with_a_preset_whose_images_ship():
    assert {family: family.first_preset for family in Family} == {
        Family.RECONSTRUCT: "lecture-autoencoder",
        Family.DENOISE: "denoising-autoencoder",
        Family.PLANE: "vae",
        Family.CLASSIFY: "lecture-softmax",
    }


def test_a_denoising_network_with_a_plane_is_of_the_plane():
    assert family_of(preset("denoising-vae").config) is Family.PLANE
    assert family_of(preset("conv-denoising-autoencoder").config) is Family.DENOISE


def test_each_preset_is_of_one_family():
    names = [name for family in Family for name in family.presets]
    assert sorted(names) == sorted(PRESETS)
    assert Family.CLASSIFY.presets[0] == "lecture-softmax"
