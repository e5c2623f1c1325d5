from collections.abc import Callable
from urllib.parse import parse_qsl, quote, quote_plus, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.slack.encoded import fields

MOST = 5
TOO_MANY = b"&".join([b"a=1"] * (MOST + 1))


def by_urllib(body: bytes) -> dict[str, str] | None:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST))
    except ValueError:
        return None


def by_ours(body: bytes) -> dict[str, str] | None:
    try:
        return fields(body, MOST)
    except ValueError:
        return None


SIGNS = "% %4 %41 %e2%82%ac %FF %zz %% %0A %3D %26 %25 = & + a _ ; é =3D".encode().split()
PIECES = st.sampled_from([*SIGNS, b" ", b"\n", b"\r\n", b"\x00", b"\xff"])


@given(st.lists(PIECES, max_size=20).map(b"".join))
@example(b"a=b=%3D&c")
@example(b"a==\n&b=%\n")
@example(b"=&&=x&x&")
@example(b"a=1 \n")
@example(TOO_MANY)
def test_any_body_is_read_as_urllib_reads_it(body: bytes) -> None:
    assert by_ours(body) == by_urllib(body)


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=40), max_size=MOST))
def test_what_was_encoded_comes_back(form: dict[str, str]) -> None:
    for way in (quote, quote_plus):
        assert by_ours(urlencode(form, quote_via=way).encode()) == form


@pytest.mark.parametrize("read", [by_ours, by_urllib])
def test_more_fields_than_are_taken(read: Callable[[bytes], dict[str, str] | None]) -> None:
    assert read(TOO_MANY) is None
