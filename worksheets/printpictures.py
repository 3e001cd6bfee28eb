"""The pictures of a printout, out of storage: as ``data:`` addresses, because drawing fetches
nothing."""

import base64
from collections.abc import Mapping

from worksheets.dossier import WorksheetDossier
from worksheets.models import SheetPicture
from worksheets.pictures import content_type_of
from worksheets.printing import shown_pictures


def read_pictures(dossier: WorksheetDossier) -> Mapping[int, str]:
    """Number -> address, for the pictures that a printout may show. One query, none without
    pictures. A file that is gone is left out: the rest is printed without it."""
    numbers = shown_pictures(dossier)
    if not numbers:
        return {}
    found = {}
    for picture in SheetPicture.objects.filter(pk__in=numbers):
        try:
            with picture.file.open("rb") as file:
                content = file.read()
        except FileNotFoundError:
            continue
        name = content_type_of(picture.file.name)
        found[picture.pk] = f"data:{name};base64,{base64.b64encode(content).decode()}"
    return found
