import hashlib

import pytest

from phases.canonical import canonical_bytes, digest


def test_the_same_content_gives_the_same_bytes():
    assert (
        canonical_bytes({"b": [1, True, None], "a": "Å"})
        == canonical_bytes({"a": "A\u030a", "b": [1, True, None]})
        == '{"a":"Å","b":[1,true,null]}'.encode()
    )


@pytest.mark.parametrize(
    ("content", "error"), [(1.5, TypeError), ({"a": object()}, TypeError), ("\x00", ValueError)]
)
def test_what_could_be_read_in_two_ways_is_refused(content, error):
    with pytest.raises(error):
        canonical_bytes(content)


def test_the_digest_is_over_exactly_these_bytes():
    assert digest(b"{}") == hashlib.sha256(b"{}").hexdigest()
