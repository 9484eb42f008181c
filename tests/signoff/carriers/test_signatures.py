"""Nothing is taken that its provider did not sign, and the checks that say so can fail."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus

import pytest

from signoff.carriers import PROVIDERS, BadSignature, shippo
from tests.factories.carrier_messages import EXAMPLES, example_message, message_body, sign_message

NAMES = sorted(EXAMPLES)
SECRET = "königlich-密钥-1"  # composed; NFKD takes the ö apart
PLAIN = "whsec-0123456789"
Verify = Callable[..., None]


def refuses(verify: Verify, body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    try:
        verify(body, headers, secret=secret)
    except BadSignature as sentence:
        return str(sentence).endswith(".")
    return False


def faults(name: str, verify: Verify) -> list[str]:
    """What a verifier does wrong."""
    body, headers = sign_message(name, example_message(name), PLAIN)
    stranger, strangers = sign_message(name, example_message(name), "another secret")
    changed = body.replace(b"1", b"2", 1) if headers else body.replace(b"%221", b"%222", 1).replace(b"K", b"L", 1)
    lowered = {key.lower(): value for key, value in headers.items()}
    wrong = {
        "refuses a good one": refuses(verify, body, headers, PLAIN),
        "minds the case of a header's name": refuses(verify, body, lowered, PLAIN),
        "takes one signed by a stranger": not refuses(verify, stranger, strangers, PLAIN),
        "takes one that is not signed": not refuses(verify, message_body(name, example_message(name)), {}, PLAIN),
        "takes another body": not refuses(verify, changed, headers, PLAIN),
        "takes anything while no secret is set": not refuses(
            verify, *sign_message(name, example_message(name), ""), ""
        ),
        "takes an empty signature": not refuses(
            verify, message_body(name, example_message(name)), dict.fromkeys(headers, ""), PLAIN
        ),
        "takes letters beyond ASCII": not refuses(verify, body + b"&sign=%C3%A9&DataSign=%C3%A9", {}, PLAIN),
    }
    return [fault for fault, found in wrong.items() if found]


@pytest.mark.parametrize("name", NAMES)
def test_only_what_the_provider_signed_is_taken(name: str) -> None:
    assert faults(name, PROVIDERS[name].verify) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_verifier_that_compares_nothing_is_found(name: str) -> None:
    def careless(body: bytes, headers: Mapping[str, str], *, secret: str) -> None:
        """Takes everything."""

    assert set(faults(name, careless)) >= {"takes one signed by a stranger", "takes another body"}


@pytest.mark.parametrize("name", NAMES)
def test_a_verifier_that_forgets_the_body_is_found(name: str) -> None:
    body, headers = sign_message(name, example_message(name), PLAIN)

    def forgetful(_body: bytes, given: Mapping[str, str], *, secret: str) -> None:
        PROVIDERS[name].verify(body, headers if given else {}, secret=secret)

    assert faults(name, forgetful) != []


def test_easypost_takes_its_secret_apart_before_it_signs() -> None:
    body = message_body("easypost", example_message("easypost"))
    _, headers = sign_message("easypost", example_message("easypost"), "ko\u0308niglich-密钥-1")
    PROVIDERS["easypost"].verify(body, headers, secret=SECRET)


def test_a_message_of_shippo_grows_old() -> None:
    body, headers = sign_message("shippo", example_message("shippo"), PLAIN)
    now = datetime.now(UTC)
    shippo.verify(body, headers, secret=PLAIN, now=now + timedelta(seconds=290))
    for later in (now + timedelta(seconds=310), now - timedelta(seconds=310)):
        with pytest.raises(BadSignature, match="more than five minutes ago"):
            shippo.verify(body, headers, secret=PLAIN, now=later)


@pytest.mark.parametrize("header", ["t=,v1=", "t=²,v1=x", "v1", "t=1;v1=2", "é", "t=" + "9" * 400 + ",v1=a", ",,="])
def test_an_odd_header_of_shippo_is_refused(header: str) -> None:
    assert refuses(shippo.verify, b"{}", {"Shippo-Auth-Signature": header}, PLAIN)


def test_shippos_token_in_the_address_proves_as_well() -> None:
    shippo.verify_token(SECRET, secret=SECRET)
    for wrong in ("", PLAIN, SECRET[:-1]):
        with pytest.raises(BadSignature, match="Shippo"):
            shippo.verify_token(wrong, secret=SECRET)
    with pytest.raises(BadSignature, match="No secret has been entered"):
        shippo.verify_token("", secret="")


def test_a_form_that_cannot_be_read_is_not_signed() -> None:
    for name in ("kuaidi100", "kdniao"):
        assert refuses(PROVIDERS[name].verify, b"\xff", {}, PLAIN)
        assert refuses(PROVIDERS[name].verify, b"a=1&" * 50, {}, PLAIN)
        assert refuses(PROVIDERS[name].verify, f"sign={quote_plus('签')}&DataSign=%F0".encode(), {}, PLAIN)
