"""Pictures from people, made anew: what is stored holds nothing but what is seen."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from common.uploads import refuse_too_large

# Twice the widest that a page or a slide shows.
LONGEST_SIDE = 2000
# More than any camera; a bomb unpacks to more.
MOST_PIXELS = 80_000_000
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class NewPicture:
    """``ending`` is without the dot."""

    content: bytes
    ending: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def as_file(self) -> ContentFile:
        return ContentFile(self.content, name=f"picture.{self.ending}")


def open_picture(file: UploadedFile) -> NewPicture:
    """The picture drawn again: at most ``LONGEST_SIDE`` pixels, turned the way it was held, without
    position, camera, comments or further frames.

    Raises ``ValidationError`` with a sentence for what is no JPEG, PNG or WebP, what is damaged,
    and what is too large, also when it only becomes so unpacked.
    """
    from PIL import Image, ImageOps  # slow to import, and few requests need it

    refuse_too_large(file)
    try:
        with warnings.catch_warnings():
            # Pillow only warns about what is large; here the number of pixels decides.
            warnings.simplefilter("ignore")
            file.seek(0)
            with Image.open(file, formats=list(FORMATS)) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise _too_many_pixels()
                found = str(picture.format)
                drawn = ImageOps.exif_transpose(picture)
                drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                return _encoded(drawn, found)
    except ValidationError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except Exception as error:  # what Pillow raises for damaged files has no common class
        raise ValidationError(
            _("This is no picture that can be shown. Use JPEG, PNG or WebP.")
        ) from error


def _too_many_pixels() -> ValidationError:
    return ValidationError(_("The picture has too many pixels. Make it smaller and try again."))


def _encoded(picture: "Image.Image", found: str) -> NewPicture:  # type: ignore[name-defined]  # noqa: F821
    from PIL import Image

    has_alpha = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    mode = "RGB" if found == "JPEG" or not has_alpha else "RGBA"
    # A canvas of its own: nothing that the file carried comes along.
    clean = Image.new(mode, picture.size)
    clean.paste(picture.convert(mode))
    buffer = io.BytesIO()
    options = {"quality": 88} if found in {"JPEG", "WEBP"} else {"optimize": True}
    clean.save(buffer, format=found, **options)
    return NewPicture(buffer.getvalue(), FORMATS[found], clean.width, clean.height)


def content_type_of(name: str) -> str:
    """Of a stored picture; what is unknown is no picture."""
    return CONTENT_TYPES.get(PurePath(name).suffix.lstrip("."), "application/octet-stream")
