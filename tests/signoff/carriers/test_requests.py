"""What is asked of a provider, and what it wants to hear."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from signoff.carriers import PROVIDERS, Acknowledgement, TrackingRequest


def test_questions_are_plain_and_addressed_to_the_provider() -> None:
    asked = {name: provider.build_request("N 1/2", "ups", key="k", account="a") for name, provider in PROVIDERS.items()}
    assert {name: (question.method, urlsplit(question.url).hostname) for name, question in asked.items()} == {
        "easypost": ("GET", "api.easypost.com"),
        "aftership": ("GET", "api.aftership.com"),
        "shippo": ("GET", "api.goshippo.com"),
        "17track": ("POST", "api.17track.net"),
        "kuaidi100": ("POST", "poll.kuaidi100.com"),
        "kdniao": ("POST", "api.kdniao.com"),
    }
    assert all(question.url.startswith("https://") for question in asked.values())


def test_keys_go_into_headers_and_numbers_are_quoted() -> None:
    assert PROVIDERS["easypost"].build_request("N 1/2", "", key="k") == TrackingRequest(
        "GET", "https://api.easypost.com/v2/trackers?tracking_code=N+1%2F2", {"Authorization": "Basic azo="}
    )
    assert PROVIDERS["aftership"].build_request("N1", "dhl", key="k") == TrackingRequest(
        "GET",
        "https://api.aftership.com/tracking/2025-01/trackings?tracking_numbers=N1&slug=dhl",
        {"as-api-key": "k"},
    )
    assert PROVIDERS["shippo"].build_request("N 1/2", "usps", key="k") == TrackingRequest(
        "GET", "https://api.goshippo.com/tracks/usps/N%201%2F2", {"Authorization": "ShippoToken k"}
    )
    assert PROVIDERS["17track"].build_request("N1", "3011", key="k") == TrackingRequest(
        "POST",
        "https://api.17track.net/track/v2.2/gettrackinfo",
        {"17token": "k", "Content-Type": "application/json"},
        b'[{"number": "N1", "carrier": 3011}]',
    )


def test_chinese_questions_are_signed_with_the_text_that_is_sent() -> None:
    form = parse_qs(PROVIDERS["kuaidi100"].build_request("N1", "yuantong", key="k", account="c").body.decode())
    param = form["param"][0]
    assert json.loads(param)["num"] == "N1"
    assert form["sign"] == [hashlib.md5(f"{param}kc".encode(), usedforsecurity=False).hexdigest().upper()]

    form = parse_qs(PROVIDERS["kdniao"].build_request("N1", "ZTO", key="k", account="1237100").body.decode())
    data = form["RequestData"][0]
    digest = hashlib.md5(f"{data}k".encode(), usedforsecurity=False).hexdigest()
    assert json.loads(data) == {"OrderCode": "", "ShipperCode": "ZTO", "LogisticCode": "N1"}
    assert base64.b64decode(form["DataSign"][0]).decode() == digest


def test_each_provider_hears_what_it_wants_to_hear() -> None:
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    answers = {name: provider.acknowledge(account="1237100", now=now) for name, provider in PROVIDERS.items()}
    assert json.loads(answers.pop("kuaidi100").body) == {"result": True, "returnCode": "200", "message": "成功"}
    assert json.loads(answers.pop("kdniao").body) == {
        "EBusinessID": "1237100",
        "UpdateTime": "2026-11-22 20:00:00",
        "Success": True,
        "Reason": "",
    }
    assert set(answers.values()) == {Acknowledgement()}
