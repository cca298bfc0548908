"""A reinterpreted film has the original's frames beside reconstructions at their times, and its sound."""

from contextlib import closing
from itertools import pairwise

import av
import numpy as np
import pytest
from films import frames_of, make_film, sound_of, turned
from PIL import Image, ImageOps
from preparing import prepare

from cadl_gui.datasets.moving_images import open_moving_images
from cadl_gui.domain.errors import RecordingError, UserError
from cadl_gui.domain.moving_images import ImageOrder, TimedImage
from cadl_gui.pictures.reinterpretation import write_reinterpretation
from cadl_gui.system.stages import result_of

pytestmark = pytest.mark.slow

SHAPE = (32, 32, 3)
SIDE = 256
"""Height and width of a half: the least multiple of 32 that is at least 240."""

GAP = 2
UNEVEN = [0, 40, 100, 130, 333, 340, 500, 777, 1000, 1100, 1101, 1500, 1510, 1600, 1700, 1800, 1900, 1950,
          1960, 2000, 2100, 2200, 3000, 3100]  # fmt: skip


def inverted(images):
    """Stands in for a network: its reconstruction is the negative."""
    return 1 - images


def reinterpret(source, output, shape=SHAPE, order=None, reconstruct=inverted):
    with open_moving_images(str(source), shape, order or ImageOrder()) as images:
        return result_of(write_reinterpretation(images, reconstruct, output))


def halves_of(path, side=SIDE):
    """What PyAV reads: the left and right halves, (n, side, side, 3), and the times in seconds."""
    frames, times = frames_of(path)
    assert frames.shape[1:] == (side, 2 * side + GAP, 3)
    return frames[:, :, :side], frames[:, :, side + GAP :], times


def as_pillow_fits(frames, size=32, side=SIDE):
    """The frames, fitted to the network's size by Pillow and enlarged."""
    fitted = [ImageOps.fit(Image.fromarray(frame), (size, size)) for frame in frames]
    return np.stack([np.asarray(image.resize((side, side), Image.Resampling.NEAREST)) for image in fitted])


def flash_of(frames, times):
    (number,) = np.flatnonzero(frames.mean(axis=(1, 2, 3)) > 230)
    return float(times[number])


def require_alike(one, other):
    """Compressed pictures differ little from the originals, and each is nearest to its own."""
    differences = np.abs(one.astype(int) - other).mean(axis=(1, 2, 3))
    assert differences.max() < 4, differences


@pytest.mark.parametrize(
    ("suffix", "codec", "sound", "how"),
    [
        ("mp4", "libx264", "aac", {}),
        ("mp4", "libx264", "aac", {"starts": 0.5}),
        ("mp4", "libx264", "aac", {"sound_starts": 0.3}),
        ("mov", "mpeg4", "pcm_s16le", {"size": (48, 64)}),
        ("mkv", "mpeg4", "ac3", {"rate": 30}),
        ("mkv", "libx264", "flac", {"sound_starts": 0.3, "starts": 1.0}),
        ("mkv", "libx264", "aac", {"times": UNEVEN}),
        ("webm", "libvpx", "libopus", {}),
        ("avi", "mpeg4", "libmp3lame", {}),
        ("ts", "mpeg2video", "mp2", {}),
        ("ts", "libx264", "aac", {}),
        ("mpg", "mpeg1video", "mp2", {}),
        ("flv", "libx264", "aac", {}),
    ],
)  # fmt: skip
def test_frame_for_frame_at_the_same_times_and_the_sound_in_step(tmp_path, suffix, codec, sound, how):
    source = make_film(tmp_path / f"film.{suffix}", codec=codec, sound=sound, **how)
    frames, times = frames_of(source)
    click, begins, _ = sound_of(source)
    film = reinterpret(source, tmp_path / "out.mp4")
    left, right, new_times = halves_of(tmp_path / "out.mp4")
    assert film.n == len(frames) == len(left)
    assert film.has_sound
    earlier = times[0] - new_times[0]
    assert new_times == [time - earlier for time in times]
    new_click, new_begins, _ = sound_of(tmp_path / "out.mp4")
    assert min(new_times[0], new_begins) >= 0, "players begin there"
    assert new_begins == pytest.approx(begins - float(earlier), abs=0.03), "nothing is cut off"
    fitted = as_pillow_fits(frames)
    require_alike(left, fitted)
    require_alike(right, 255 - fitted)
    drift = (new_click - flash_of(left, new_times)) - (click - flash_of(frames, times))
    assert abs(drift) < min(float(after - before) for before, after in pairwise(times)) / 2 + 0.002


def test_frames_are_those_that_preparing_takes(tmp_path):
    """Cropped, and grey: to the pixel what the network was trained on."""
    source = make_film(tmp_path / "film.mkv", codec="mpeg4", sound="")
    store, _ = prepare(source, size=28, crop_factor=0.7, grey=True, nth_frame=1)
    with open_moving_images(f"{source}:crop_factor=0.7", (28, 28, 1), ImageOrder()) as images:
        pixels = [part.pixels for part in images.parts]
    np.testing.assert_array_equal(pixels, store.images[:])


def test_a_film_that_was_held_upright_is_turned(tmp_path):
    source = make_film(tmp_path / "film.mp4", sound="", size=(64, 64))
    frames, _ = frames_of(source)
    reinterpret(turned(source), tmp_path / "out.mp4")
    left, _, _ = halves_of(tmp_path / "out.mp4")
    require_alike(left, as_pillow_fits(np.rot90(frames, -1, axes=(1, 2))))


def test_a_film_without_sound_stays_without(tmp_path):
    film = reinterpret(make_film(tmp_path / "film.mp4", sound=""), tmp_path / "out.mp4")
    assert not film.has_sound
    assert sound_of(tmp_path / "out.mp4") is None


def test_sound_of_an_unknown_kind_is_left_out_and_the_film_says_so(tmp_path):
    """Telephones record sound in space in formats that FFmpeg does not know."""
    source = make_film(tmp_path / "film.mp4", sound="aac")
    source.write_bytes(source.read_bytes().replace(b"mp4a", b"apac").replace(b"esds", b"dapa"))
    film = reinterpret(source, tmp_path / "out.mp4")
    assert (film.n, film.has_sound) == (len(frames_of(source)[0]), False)
    assert film.problems == ("has sound of a kind that cannot be read, which is left out",)


@pytest.mark.parametrize("sound_rates", [(48_000, 48_000), (32_000, 48_000)])
def test_sound_that_changes_its_kind_goes_on(tmp_path, sound_rates):
    """As of a recording from television, where a film is in stereo and the news before it were not."""
    source, parts = tmp_path / "film.ts", []
    for number, layout in enumerate(("mono", "stereo")):
        how = {"sound_rate": sound_rates[number], "sound_layout": layout}
        how |= {"starts": 1.6 * number, "sound_starts": 1.6 * number}
        make_film(tmp_path / "part.ts", codec="mpeg2video", sound="mp2", **how)
        parts.append((tmp_path / "part.ts").read_bytes())
    source.write_bytes(b"".join(parts))
    film = reinterpret(source, tmp_path / "out.mp4")
    assert film.has_sound
    with av.open(str(tmp_path / "out.mp4")) as file:
        assert file.streams.audio[0].codec_context.name == "aac", "players know it"
        assert file.streams.audio[0].duration * file.streams.audio[0].time_base > 2.5
        samples = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
    loud = np.abs(samples) > 0.2
    assert loud[: len(loud) // 2].any()
    assert loud[len(loud) // 2 :].any()


@pytest.mark.parametrize(("suffix", "sound"), [("mp4", "aac"), ("mkv", "pcm_s16le")])
def test_sound_that_is_longer_than_the_pictures_is_there_to_its_end(tmp_path, suffix, sound):
    source = make_film(tmp_path / f"film.{suffix}", sound=sound, sound_seconds=5)
    reinterpret(source, tmp_path / "out.mp4")
    assert sound_of(tmp_path / "out.mp4")[2] == pytest.approx(5, abs=0.05)
    assert len(halves_of(tmp_path / "out.mp4")[0]) == 40


def test_sound_that_would_begin_a_day_later_begins_with_the_pictures(tmp_path):
    late = {"times": [0, 40, 90_000_800], "flash": 2, "sound_starts": 90_000, "sound_seconds": 2}
    reinterpret(make_film(tmp_path / "film.mp4", **late), tmp_path / "out.mp4")
    assert sound_of(tmp_path / "out.mp4")[1] == pytest.approx(0, abs=0.05)


def test_a_truncated_film_is_written_as_far_as_it_goes_and_the_film_says_so(tmp_path):
    source = make_film(tmp_path / "film.mkv", codec="mpeg4", sound="ac3", n=200)
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    frames, times = frames_of(source)
    film = reinterpret(source, tmp_path / "out.mp4")
    left, _, new_times = halves_of(tmp_path / "out.mp4")
    assert 20 < len(left) < 180
    assert new_times == times[: len(left)]
    assert len(frames) - len(left) <= 1, "PyAV may give one that is half there"
    assert any(problem.startswith("is truncated: ") for problem in film.problems)
    assert sound_of(tmp_path / "out.mp4")[0] == pytest.approx(0.8, abs=0.01)


def test_images_that_are_no_film_are_shown_in_their_order_at_a_rate(tmp_path):
    images = np.zeros((50, 28, 28, 1), np.uint8) + np.arange(50, dtype=np.uint8)[:, None, None, None] * 5
    np.savez(tmp_path / "images.npz", images=images)
    order = ImageOrder(8.0, np.array([40, 3, 3, 17]))
    film = reinterpret(tmp_path / "images.npz", tmp_path / "out.mp4", (28, 28, 1), order)
    left, right, times = halves_of(tmp_path / "out.mp4", 252)
    assert [float(time) for time in times] == [0, 0.125, 0.25, 0.375]
    assert left.mean(axis=(1, 2, 3)) == pytest.approx([200, 15, 15, 85], abs=3)
    assert right.mean(axis=(1, 2, 3)) == pytest.approx([55, 240, 240, 170], abs=3)
    assert not film.has_sound
    assert reinterpret(tmp_path / "images.npz", tmp_path / "all.mp4", (28, 28, 1)).n == 50


def test_images_of_another_shape_are_refused_with_both_shapes(tmp_path):
    np.savez(tmp_path / "images.npz", images=np.zeros((5, 16, 16, 3), np.uint8))
    with pytest.raises(UserError, match=r"takes images of 28×28 in grey, .* are 16×16 in colour"):
        reinterpret(tmp_path / "images.npz", tmp_path / "out.mp4", (28, 28, 1))


def test_halves_with_odd_sides_are_enlarged_to_even_ones(tmp_path):
    np.savez(tmp_path / "images.npz", images=np.zeros((5, 27, 81, 1), np.uint8))
    assert reinterpret(tmp_path / "images.npz", tmp_path / "out.mp4", (27, 81, 1)).size == (1622, 270)


def test_only_few_images_are_read_ahead(tmp_path):
    """A film of hours needs no more memory than one of minutes."""
    source = make_film(tmp_path / "film.mp4", n=200)
    n_read = 0

    def counted(parts):
        nonlocal n_read
        for part in parts:
            n_read += isinstance(part, TimedImage)
            yield part

    with open_moving_images(str(source), SHAPE, ImageOrder()) as images:
        object.__setattr__(images, "parts", counted(images.parts))
        with closing(write_reinterpretation(images, inverted, tmp_path / "out.mp4")) as writing:
            for n, _total in writing:
                assert n_read - n <= 40


@pytest.mark.parametrize("existed", [False, True])
def test_what_is_given_up_leaves_nothing_behind(tmp_path, existed):
    source, folder = make_film(tmp_path / "film.mp4", n=100), tmp_path / "out"
    folder.mkdir()
    if existed:
        (folder / "out.mp4").write_text("old")
    with (
        open_moving_images(str(source), SHAPE, ImageOrder()) as images,
        closing(write_reinterpretation(images, inverted, folder / "out.mp4")) as writing,
    ):
        assert [next(writing), next(writing)] == [(0, 100), (32, 100)]
    assert [path.read_text() for path in folder.iterdir()] == ["old"] * existed


def test_a_network_that_fails_leaves_nothing_behind(tmp_path):
    def fail(images):
        raise RecordingError("It is not open.")

    with pytest.raises(RecordingError, match="not open"):
        reinterpret(make_film(tmp_path / "film.mp4"), tmp_path / "out.mp4", reconstruct=fail)
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]


def test_a_film_is_never_written_over_itself(tmp_path):
    source = make_film(tmp_path / "film.mp4")
    content = source.read_bytes()
    with pytest.raises(UserError, match="is the film itself"):
        reinterpret(source, source)
    assert source.read_bytes() == content


def test_film_with_another_ending_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"has to end in \.mp4"):
        reinterpret(make_film(tmp_path / "film.mp4"), tmp_path / "out.gif")


def test_a_path_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(RecordingError, match=r"nowhere.*cannot be written: No such file or directory"):
        reinterpret(make_film(tmp_path / "film.mp4"), tmp_path / "nowhere" / "out.mp4")
    (tmp_path / "folder.mp4").mkdir()
    with pytest.raises(RecordingError, match=r"folder\.mp4” cannot be written: Is a directory"):
        reinterpret(tmp_path / "film.mp4", tmp_path / "folder.mp4")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["film.mp4", "folder.mp4"]
