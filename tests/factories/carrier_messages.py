"""Messages and signatures as the carriers document them, written by hand for tests of the readers."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

#: the last three days of one parcel, and where each provider keeps its list of events
EXAMPLES: dict[str, tuple[Any, Callable[[Any], list[Any]]]] = {
    "easypost": (
        {
            "object": "Event",
            "description": "tracker.updated",
            "result": {
                "object": "Tracker",
                "tracking_code": "EZ1",
                "carrier": "UPS",
                "status": "delivered",
                "est_delivery_date": "2026-11-20T00:00:00Z",
                "tracking_details": [
                    {"datetime": "2026-11-18T08:00:00Z", "message": "Label", "status": "pre_transit"},
                    {
                        "datetime": "2026-11-19T09:00:00-08:00",
                        "message": "Dented",
                        "status": "failure",
                        "status_detail": "damaged",
                        "tracking_location": {"city": "Oakland", "state": "CA", "country": "US"},
                    },
                    {"datetime": "2026-11-20T10:30:00Z", "message": "Left at door", "status": "delivered"},
                ],
            },
        },
        lambda message: message["result"]["tracking_details"],
    ),
    "aftership": (
        {
            "event": "tracking_update",
            "msg": {
                "tracking_number": "AS1",
                "slug": "dhl",
                "tag": "Exception",
                "subtag": "Exception_011",
                "order_promised_delivery_date": "2026-11-20",
                "checkpoints": [
                    {"checkpoint_time": "2026-11-18T08:00:00", "message": "Booked", "tag": "InfoReceived"},
                    {"checkpoint_time": "2026-11-19T17:00:00+08:00", "message": "Refused", "subtag": "AttemptFail_003"},
                    {
                        "checkpoint_time": "2026-11-20T10:30:00",
                        "message": "Back",
                        "tag": "Exception",
                        "subtag": "Exception_011",
                        "city": "Köln",
                        "country_region_name": "Germany",
                    },
                ],
            },
        },
        lambda message: message["msg"]["checkpoints"],
    ),
    "shippo": (
        {
            "event": "track_updated",
            "test": True,
            "data": {
                "carrier": "usps",
                "tracking_number": "SH1",
                "eta": "2026-11-20T00:00:00Z",
                "tracking_status": None,
                "tracking_history": [
                    {"status": "UNKNOWN", "status_details": "Label", "status_date": "2026-11-18T08:00:00Z"},
                    {
                        "status": "TRANSIT",
                        "status_details": "On the van",
                        "status_date": "2026-11-19T09:00:00Z",
                        "substatus": {"code": "out_for_delivery"},
                        "location": {"city": "Reno", "state": "NV", "country": "US"},
                    },
                    {"status": "DELIVERED", "status_details": "Mailbox", "status_date": "2026-11-20T10:30:00Z"},
                ],
            },
        },
        lambda message: message["data"]["tracking_history"],
    ),
    "17track": (
        {
            "event": "TRACKING_UPDATED",
            "data": {
                "number": "ST1",
                "carrier": 3011,
                "track_info": {
                    "latest_status": {"status": "Exception", "sub_status": "Exception_Lost"},
                    "time_metrics": {"estimated_delivery_date": {"from": "2026-11-19", "to": "2026-11-20"}},
                    "tracking": {
                        "providers": [
                            {
                                "provider": {"name": "China Post"},
                                "events": [
                                    {"time_utc": "2026-11-18T08:00:00Z", "description": "Got", "stage": "InfoReceived"},
                                    {"time_iso": "2026-11-19T09:00:00+08:00", "description": "Hub", "stage": None},
                                    {"time_utc": "2026-11-20T10:30:00Z", "description": "Hub", "location": "Kazan"},
                                ],
                            }
                        ]
                    },
                },
            },
        },
        lambda message: message["data"]["track_info"]["tracking"]["providers"][0]["events"],
    ),
    "kuaidi100": (
        {
            "status": "polling",
            "lastResult": {
                "nu": "KD1",
                "com": "shunfeng",
                "state": "3",
                "data": [
                    {"context": "已揽收", "ftime": "2026-11-18 16:00:00", "statusCode": "103", "areaName": "深圳市"},
                    {"context": "派件中", "ftime": "2026-11-19 17:00:00", "statusCode": "5"},
                    {"context": "已签收", "ftime": "2026-11-20 18:30:00", "statusCode": "301"},
                ],
            },
        },
        lambda message: message["lastResult"]["data"],
    ),
    "kdniao": (
        {
            "EBusinessID": "1237100",
            "Count": "1",
            "PushTime": "2026-11-20 19:00:00",
            "Data": [
                {
                    "ShipperCode": "ZTO",
                    "LogisticCode": "KN1",
                    "Success": True,
                    "State": "3",
                    "EstimatedDeliveryTime": "2026-11-20",
                    "Traces": [
                        {"AcceptStation": "已收件", "AcceptTime": "2026-11-18 16:00:00", "Location": "深圳"},
                        {"AcceptStation": "派件中", "AcceptTime": "2026/11/19 17:00:00", "Action": "202"},
                        {"AcceptStation": "已签收", "AcceptTime": "2026-11-20 18:30:00"},
                    ],
                }
            ],
        },
        lambda message: message["Data"][0]["Traces"],
    ),
}


def message_body(provider: str, message: Any) -> bytes:
    """A message as the provider pushes it."""
    return wrapped(provider, json.dumps(message, ensure_ascii=False))


def wrapped(provider: str, text: str) -> bytes:
    """The text of a message as the provider pushes it."""
    field = {"kuaidi100": "param", "kdniao": "RequestData"}.get(provider)
    return urlencode({field: text}).encode() if field else text.encode()


def example_message(provider: str) -> Any:
    """The provider's example, anew."""
    return json.loads(json.dumps(EXAMPLES[provider][0]))


def sign_message(provider: str, message: Any, secret: str) -> tuple[bytes, dict[str, str]]:
    """A pushed message with its proof, by the documented schemes."""
    return sign_text(provider, json.dumps(message, ensure_ascii=False), secret)


def sign_text(provider: str, text: str, secret: str) -> tuple[bytes, dict[str, str]]:
    """The same for a message that is written already."""
    body, key = wrapped(provider, text), secret.encode()
    if provider == "easypost":
        return body, {"X-Hmac-Signature": "hmac-sha256-hex=" + hmac.new(key, body, hashlib.sha256).hexdigest()}
    if provider == "aftership":
        return body, {"aftership-hmac-sha256": base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()}
    if provider == "shippo":
        stamp = str(int(time.time()))
        proof = hmac.new(key, f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        return body, {"Shippo-Auth-Signature": f"t={stamp},v1={proof}"}
    if provider == "17track":
        return body, {"sign": hashlib.sha256(body + f"/{secret}".encode()).hexdigest()}
    digest = hashlib.md5(f"{text}{secret}".encode(), usedforsecurity=False).hexdigest()
    if provider == "kuaidi100":
        return urlencode({"sign": digest.upper(), "param": text}).encode(), {}
    proof = base64.b64encode(digest.encode()).decode()
    form = {"RequestData": text, "EBusinessID": "1237100", "RequestType": "101", "DataSign": proof}
    return urlencode(form).encode(), {}
