"""A file that somebody uploads, made into a picture that is safe to keep, to show and to print.

The pixels alone are taken over and written anew: what a camera adds (the place and day of the photograph, the person's
name) and whatever else lies in the file stays behind. What a file is decides its content, never its name.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageFile

MAX_BYTES = 15 * 1024 * 1024
# A photograph has 12 to 24 million pixels. Unpacked, each takes up to four bytes of a web process.
MAX_PIXELS = 30_000_000
# Printed over the width of a page this is over 200 dots an inch, and unpacked it is 8 MB at most.
LONGEST_SIDE = 1_600
# A drawing larger than this is a photograph that came as PNG.
_LARGEST_PNG = 700_000

_READABLE = ("PNG", "JPEG", "WEBP", "GIF")
ACCEPT = "image/png,image/jpeg,image/webp,image/gif"
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}


class PictureRefused(ValueError):
    """The file is not kept; the message says in words why and what to do."""


@dataclass(frozen=True)
class Prepared:
    """Bytes of a PNG or JPEG without metadata, and its size in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


def prepare(data: bytes) -> Prepared:
    """The picture in the file, upright, at most LONGEST_SIDE pixels long, in sRGB, without metadata.

    Photographs are written as JPEG, drawings and what is see-through as PNG; of a moving picture the first frame is
    taken. The same bytes give the same bytes. Raises PictureRefused.
    """
    if len(data) > MAX_BYTES:
        raise PictureRefused(
            f"The file has {len(data) / 1_048_576:.0f} MB; up to {MAX_BYTES // 1_048_576} MB can be uploaded. "
            "Save the picture smaller, then upload it again."
        )
    with warnings.catch_warnings(), _whole_files_only():
        warnings.simplefilter("ignore")  # of odd but readable metadata; the bound on pixels is checked below
        try:
            return _written(*_read(data))
        except PictureRefused:
            raise
        except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
            raise PictureRefused(
                "The file begins as a picture but cannot be read to its end. Export the picture again from the "
                "program that made it, then upload that file."
            ) from None


@contextmanager
def _whole_files_only() -> Iterator[None]:
    """A file that was cut short is an error, also in a process where a printing library made Pillow lenient."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _read(data: bytes) -> tuple[Image.Image, str]:
    """The pixels as they are kept, and the form to write them in."""
    image = _opened(data)
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise PictureRefused(
            f"The picture has {width:,} by {height:,} pixels; up to {MAX_PIXELS // 1_000_000} million in all can be "
            "read. Save it smaller, for example 1,600 pixels wide, then upload it again."
        )
    kind = "JPEG" if image.format == "JPEG" else "PNG"
    turned, profile = image.getexif().get(_ORIENTATION), image.info.get("icc_profile")
    # A JPEG is unpacked at half or a quarter of its size where that is still large enough.
    image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    image = _without_palette(image)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    image = _in_screen_colours(image, profile)
    return (image.transpose(_TURNS[turned]) if turned in _TURNS else image), kind


def _opened(data: bytes) -> Image.Image:
    """The image with nothing but its head read. Pillow tries the readers of the kinds named here and no other."""
    try:
        return Image.open(io.BytesIO(data), formats=_READABLE)
    except Image.DecompressionBombError:
        raise PictureRefused(
            "The picture has more pixels than can be read. Save it smaller, for example 1,600 pixels wide, then "
            "upload it again."
        ) from None
    except (OSError, ValueError, SyntaxError):
        raise PictureRefused(_refusal(data)) from None


def _refusal(data: bytes) -> str:
    if not data:
        return "The file is empty. Choose another file."
    start = data[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype svg")) or b"<svg" in start:
        return (
            "This is an SVG drawing, which can hold programs, so it is not taken. Export it as PNG, 1,600 pixels "
            "wide, and upload that."
        )
    return (
        "This is not a picture in a form that can be shown, whatever its name says. Upload a PNG, JPEG, WebP or GIF "
        "file."
    )


_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _without_palette(image: Image.Image) -> Image.Image:
    """One value a pixel and channel. What is see-through nowhere loses the channel for it."""
    if image.mode in {"P", "LA", "PA", "RGBa"} or "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode == "1" or image.mode.startswith("I") or image.mode == "F":
        image = image.convert("L")
    elif image.mode not in {"L", "RGB", "RGBA", "CMYK"}:
        image = image.convert("RGB")
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    return image


def _in_screen_colours(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The image in sRGB. A telephone's wide colours and a printer's four would look wrong without their profile."""
    if profile and image.mode in {"RGB", "CMYK"}:
        try:
            own, screen = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(image, own, screen, outputMode="RGB") or image.convert("RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that is broken: the plain values are the best that is known
    return image.convert("RGB") if image.mode == "CMYK" else image


def _written(image: Image.Image, kind: str) -> Prepared:
    data = _encoded(image, kind)
    if kind == "PNG" and len(data) > _LARGEST_PNG and image.mode != "RGBA":
        photograph = _encoded(image, "JPEG")
        if len(photograph) < len(data):
            kind, data = "JPEG", photograph
    return Prepared(data, MEDIA_TYPES[kind], image.width, image.height)


def _encoded(image: Image.Image, kind: str) -> bytes:
    image.info.clear()  # what a writer would take over: profiles, comments, dates
    file = io.BytesIO()
    if kind == "JPEG":
        image.save(file, kind, quality=85, optimize=True)
    else:
        image.save(file, kind, optimize=True)
    return file.getvalue()
