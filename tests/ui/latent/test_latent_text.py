"""Latent vectors as text, abbreviated if they are long."""

from cadl_gui.ui.latent.latent_text import latent_name, latent_text


def test_a_latent_vector_is_described_number_by_number():
    assert latent_text((-0.4118, 1.083)) == "z₀ −0.412, z₁ 1.083"


def test_of_a_long_latent_the_first_numbers_are_said():
    assert latent_text([0.5] * 20).startswith("z₀ 0.500, z₁ 0.500")
    assert latent_text([0.5] * 20).endswith("z₇ 0.500 and 12 more")


def test_the_number_of_a_latent_is_its_subscript():
    assert latent_name(12) == "z₁₂"
