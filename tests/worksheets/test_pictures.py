"""Pictures: made anew when they come, and shown to those who may see them."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from projects.models import Project
from tests.worksheets.helpers import dossier_of, page_url, sheet, url
from worksheets.dossier import PictureRef
from worksheets.models import SheetPicture
from worksheets.pictures import LONGEST_SIDE, open_picture

ClientFor = Callable[..., Client]


def file_of(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "teal").save(buffer, kind, **options)
    return buffer.getvalue()


def with_position() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Kameramerke"
    exif[0x0112] = 6  # turned a quarter
    exif.get_ifd(0x8825)[2] = (59.0, 54.0, 49.0)
    return file_of("JPEG", exif=exif, comment=b"hemmelig kommentar")


def upload(content: bytes, name: str = "bilde.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def bomb() -> bytes:
    """A small PNG that says it is 60 000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 100_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def test_a_picture_is_drawn_again_without_what_the_camera_wrote() -> None:
    made = open_picture(upload(with_position()))

    again = Image.open(io.BytesIO(made.content))
    assert (again.size, made.width, made.height, made.ending) == ((20, 40), 20, 40, "jpg")
    assert dict(again.getexif()) == {}
    for trace in (b"Kameramerke", b"hemmelig", b"Exif"):
        assert trace not in made.content


def test_a_large_picture_is_made_smaller_and_keeps_its_shape() -> None:
    made = open_picture(upload(file_of("WEBP", (4000, 1000)), "x.webp"))

    assert (made.width, made.height, made.ending) == (LONGEST_SIDE, 500, "webp")


def test_a_see_through_picture_stays_so() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (4, 4), (10, 20, 30, 0)).save(buffer, "PNG")

    made = open_picture(upload(buffer.getvalue(), "x.png"))

    assert Image.open(io.BytesIO(made.content)).getpixel((0, 0)) == (10, 20, 30, 0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<svg onload='alert(1)'>", "This is no picture that can be shown."),
        (b"", "This is no picture that can be shown."),
        (file_of("GIF"), "This is no picture that can be shown."),
        (file_of()[:200], "This is no picture that can be shown."),
        (bomb(), "The picture has too many pixels."),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        open_picture(upload(content))

    assert message in refused.value.messages[0]


def test_a_picture_needs_words_and_is_stored_under_a_random_name(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client = client_for(municipality.member)
    address = url(sheets_project, "picture_edit", "image")

    without = client.post(address, {"picture": upload(file_of())})
    saved = client.post(address, {"picture": upload(file_of()), "alt": "Et rom"})

    assert list(without.context["form"].errors) == ["alt"]
    assert saved["Location"] == f"{page_url(sheets_project)}#field-image"
    stored = SheetPicture.objects.get()
    assert "bilde" not in stored.file.name
    assert sheet(sheets_project).answers == {"image": {"picture": stored.pk, "alt": "Et rom"}}
    assert dossier_of(sheets_project).field("image").answer.picture == PictureRef(
        stored.pk, "Et rom", 40, 20, stored.file.name, stored.sha256
    )
    page = client.get(page_url(sheets_project)).content.decode()
    assert f'src="{reverse("worksheets:picture", args=[sheets_project.pk, stored.pk])}"' in page
    client.post(address, {"alt": "Et annet rom"})
    assert sheet(sheets_project).answers["image"] == {"picture": stored.pk, "alt": "Et annet rom"}
    client.post(url(sheets_project, "picture_remove", "image"))
    assert sheet(sheets_project).answers == {}


def test_a_picture_is_shown_inline_to_those_in_the_project(
    sheets_project: Project, project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client_for(municipality.leader).post(
        url(sheets_project, "picture_edit", "image"), {"picture": upload(file_of()), "alt": "Rom"}
    )
    picture = SheetPicture.objects.get()
    address = reverse("worksheets:picture", args=[sheets_project.pk, picture.pk])

    shown = client_for(municipality.reader).get(address)

    assert (
        shown.status_code,
        shown["Content-Type"],
        shown["Content-Disposition"],
        shown["X-Content-Type-Options"],
    ) == (200, "image/jpeg", "inline", "nosniff")
    assert b"".join(shown.streaming_content)[:3] == b"\xff\xd8\xff"
    elsewhere = reverse("worksheets:picture", args=[project.pk, picture.pk])
    assert client_for(municipality.leader).get(elsewhere).status_code == 404
    assert client_for(municipality.employee).get(address).status_code == 404


def test_a_picture_in_a_confidential_field_is_not_shown_to_readers(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client_for(municipality.leader).post(
        url(sheets_project, "picture_edit", "image"), {"picture": upload(file_of()), "alt": "Rom"}
    )
    stored = sheet(sheets_project)
    type(stored).objects.filter(pk=stored.pk).update(guarded={"image": ""})
    address = reverse("worksheets:picture", args=[sheets_project.pk, SheetPicture.objects.get().pk])

    assert client_for(municipality.reader).get(address).status_code == 404
    shown = client_for(municipality.member).get(address)
    assert (shown.status_code, bool(b"".join(shown.streaming_content))) == (200, True)
