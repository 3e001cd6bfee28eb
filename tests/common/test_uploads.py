"""What is refused of the files that people bring."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from common.uploads import refuse_too_large, validate_upload
from worksheets.pictures import open_picture

LIMIT = 2048


@pytest.fixture(autouse=True)
def small_limit(settings):
    settings.UPLOAD_MAX_BYTES = LIMIT


def _file(size: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("plan.pdf", b"%PDF-".ljust(size, b" "))


def test_a_file_of_just_the_largest_size_is_let_through():
    refuse_too_large(_file(LIMIT))
    validate_upload(_file(LIMIT))


@pytest.mark.parametrize("check", [refuse_too_large, validate_upload, open_picture])
def test_a_file_that_is_too_large_is_refused_with_its_size_and_the_limit(check):
    with pytest.raises(ValidationError) as refused:
        check(_file(3 * 1024))

    assert [message.replace("\xa0", " ") for message in refused.value.messages] == [
        "The file is 3.0 KB. The largest that can be stored is 2.0 KB."
    ]
