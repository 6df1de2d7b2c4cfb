import io
import tracemalloc

import pytest
from PIL import Image, ImageFile, ImageOps

from foundation.richtext.pictures import LONGEST_SIDE, MAX_BYTES, PictureRefused, prepare

from .pictures import PLACE, bomb, photograph, picture


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("kind", "written"), [("PNG", "PNG"), ("JPEG", "JPEG"), ("WEBP", "PNG"), ("GIF", "PNG")]
)
def test_the_four_kinds_are_taken(kind, written):
    kept = prepare(picture(kind))
    image = opened(kept.data)
    assert (image.format, image.size) == (written, (60, 40)) == (written, (kept.width, kept.height))
    assert kept.media_type == f"image/{written.lower()}"
    left, right = image.convert("RGB").getpixel((5, 20)), image.convert("RGB").getpixel((55, 20))
    assert left[0] - left[2] > 150
    assert right[2] - right[0] > 150


def test_where_a_photograph_was_taken_is_forgotten_and_it_stands_upright():
    sent = photograph(orientation=6)
    assert PLACE in sent
    kept = prepare(sent)
    image = opened(kept.data)
    assert PLACE not in kept.data
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert image.size == (40, 60)
    assert image.getpixel((20, 5))[0] > 200, "what was on the left is above after a quarter turn"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_of_holding_a_camera(orientation):
    sent = photograph(orientation)
    wanted = ImageOps.exif_transpose(opened(sent))
    kept = opened(prepare(sent).data)
    assert kept.size == wanted.size
    for place in ((3, 3), (wanted.width - 4, wanted.height - 4)):
        assert all(abs(a - b) < 40 for a, b in zip(kept.getpixel(place), wanted.getpixel(place), strict=True))


def test_texts_in_a_png_are_forgotten():
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("Author", PLACE.decode())
    kept = prepare(picture("PNG", pnginfo=texts))
    assert PLACE not in kept.data
    assert not opened(kept.data).info


def test_a_large_picture_is_kept_as_large_as_print_needs():
    kept = prepare(picture("JPEG", (4_800, 2_400)))
    assert (kept.width, kept.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)


def test_the_same_file_gives_the_same_bytes():
    assert prepare(photograph()) == prepare(photograph())


def test_what_is_see_through_stays_so():
    sent = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(sent, "PNG")
    assert opened(prepare(sent.getvalue()).data).mode == "RGBA"


def test_colours_for_a_printing_press_are_brought_to_the_screen():
    assert opened(prepare(picture("JPEG", mode="CMYK")).data).mode == "RGB"


def test_a_photograph_that_came_as_png_is_written_as_jpeg():
    noise = Image.effect_noise((1_200, 900), 90).convert("RGB")
    sent = io.BytesIO()
    noise.save(sent, "PNG")
    kept = prepare(sent.getvalue())
    assert kept.media_type == "image/jpeg"
    assert len(kept.data) < len(sent.getvalue()) / 1.5


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><svg onload="alert(1)"/>', "SVG"),
        (b"<!doctype html><script>alert(1)</script>", "not a picture"),
        (b"%PDF-1.7", "not a picture"),
        (b"MZ\x90\x00" + bytes(500), "not a picture"),
        (picture("BMP"), "not a picture"),
        (picture("TIFF"), "not a picture"),
        (picture("PNG", (300, 300))[:120], "cannot be read"),
        (picture("JPEG", (300, 300))[:-300], "cannot be read"),
        (bytes(MAX_BYTES + 1), "15 MB can be uploaded"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(data, words, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as the library that prints leaves it
    with pytest.raises(PictureRefused, match=words):
        prepare(data)


@pytest.mark.parametrize("size", [(50_000, 50_000), (8_000, 6_000), (2**31 - 1, 1)])
def test_a_bomb_is_refused_before_it_is_unpacked(size):
    tracemalloc.start()
    with pytest.raises(PictureRefused, match="pixels"):
        prepare(bomb(*size))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_a_broken_colour_profile_does_not_stop_a_picture():
    assert prepare(picture("JPEG", icc_profile=b"not a profile at all" * 10)).width == 60
