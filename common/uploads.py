"""Files from people: checked by size, ending and first bytes, stored under a random name."""

import hashlib
import uuid
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models.fields.files import FieldFile
from django.http import FileResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

_ZIP = b"PK\x03\x04"
# The ending a person sees -> how such a file begins.
ALLOWED: dict[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".docx": (_ZIP,),
    ".xlsx": (_ZIP,),
    ".pptx": (_ZIP,),
    ".odt": (_ZIP,),
    ".ods": (_ZIP,),
    ".odp": (_ZIP,),
}


def evidence_path(instance: models.Model, filename: str) -> str:
    """A random name: nothing can be guessed from or through it."""
    return f"evidence/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()}"


def refuse_too_large(file: FieldFile | UploadedFile) -> None:
    """Raise ``ValidationError`` with a sentence for more than ``UPLOAD_MAX_BYTES``."""
    size = file.size or 0
    if size > settings.UPLOAD_MAX_BYTES:
        raise ValidationError(
            _("The file is %(size)s. The largest that can be stored is %(limit)s.")
            % {
                "size": filesizeformat(size),
                "limit": filesizeformat(settings.UPLOAD_MAX_BYTES),
            }
        )


def validate_upload(file: FieldFile | UploadedFile) -> None:
    """Raise ``ValidationError`` with a sentence when the file is too large or not what it says.

    A file that is already stored was checked when it came, and is not opened again.
    """
    if isinstance(file, FieldFile) and file._committed:
        return
    refuse_too_large(file)
    ending = PurePath(file.name or "").suffix.lower()
    beginnings = ALLOWED.get(ending)
    if beginnings is None:
        raise ValidationError(
            _("Files of this kind cannot be stored. Use one of: %(kinds)s.")
            % {"kinds": ", ".join(sorted(kind.lstrip(".") for kind in ALLOWED))}
        )
    file.seek(0)
    head = file.read(16)
    file.seek(0)
    if not head.startswith(beginnings):
        raise ValidationError(
            _("The file says it is %(kind)s, but its content is something else. Save it again.")
            % {"kind": ending.lstrip(".")}
        )


def sha256_of(file: FieldFile | UploadedFile) -> str:
    """Hex digest of the content; leaves the file at its beginning."""
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def attachment(file: FieldFile, name: str) -> FileResponse:
    """The file as a download, never shown inside the page."""
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type="application/octet-stream",
    )
