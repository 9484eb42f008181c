"""快递鸟. Pushed: a form with ``RequestData`` (JSON with ``Data``), ``DataSign``; requested: JSON with ``Traces``.

Signature: 数据内容签名 of 即时查询 and 推送接口, kdniao.com/api-track and kdniao.com/api-follow: ``DataSign`` is the
base64 of the MD5 (as 32 small hexadecimal digits) of ``RequestData`` and the account's AppKey. Times are Chinese
(Asia/Shanghai) without a zone, the oldest first. States: ``State`` and the finer ``StateEx`` and ``Action`` of
在途监控 (增值版); a finer state begins with the digit of its family (``301`` is a ``3``).
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils import timezone

from signoff.carriers import fields, signatures
from signoff.carriers.messages import (
    Acknowledgement,
    BadSignature,
    Code,
    Event,
    Meaning,
    TrackingRequest,
    TrackingUpdate,
    UnreadableMessage,
)
from signoff.carriers.normalise import build_event, build_update
from signoff.carriers.payloads import not_a_tracking_message, parse_form, parse_json_or_field, provider_error

NAME = "快递鸟"
CHINA = ZoneInfo("Asia/Shanghai")
STATES = {
    "0": Code.REGISTERED,
    "10": Code.REGISTERED,
    "1": Code.IN_TRANSIT,
    "2": Code.IN_TRANSIT,
    "202": Code.OUT_FOR_DELIVERY,
    "211": Code.READY_FOR_PICKUP,
    "3": Code.DELIVERED,
    "4": Code.EXCEPTION,
    "404": Code.RETURNED,
    "406": Code.RETURNED,
    "407": Code.RETURNED,
}


def verify(body: bytes, headers: Mapping[str, str], *, secret: str) -> None:
    """Check the signature of a message; ``secret`` is the AppKey. Raises ``BadSignature``."""
    key = signatures.require_secret(secret, provider=NAME)
    try:
        form = parse_form(body)
    except UnreadableMessage as unreadable:
        raise BadSignature(str(unreadable)) from unreadable
    signatures.check_signature(form.get("DataSign", ""), _signature(form.get("RequestData", ""), key), provider=NAME)


def parse(body: bytes) -> list[TrackingUpdate]:
    """The updates in a message or response. Raises ``UnreadableMessage``."""
    payload = parse_json_or_field(body, "RequestData")
    if isinstance(payload, dict) and "Data" in payload:
        return [_to_update(parcel) for parcel in fields.rows(payload["Data"])]
    if not isinstance(payload, dict) or not {"LogisticCode", "Traces", "Reason"} & set(payload):
        raise not_a_tracking_message(NAME)
    if payload.get("Success") is False and not payload.get("Traces"):
        raise provider_error(NAME, fields.text(payload.get("Reason"), fields.DESCRIPTION))
    return [_to_update(payload)]


def acknowledge(*, account: str = "", now: datetime | None = None) -> Acknowledgement:
    """``account`` is our EBusinessID. 快递鸟 repeats the message unless it gets exactly this response."""
    at = timezone.localtime(now, CHINA).strftime("%Y-%m-%d %H:%M:%S")
    reply = {"EBusinessID": account, "UpdateTime": at, "Success": True, "Reason": ""}
    return Acknowledgement(json.dumps(reply, ensure_ascii=False).encode(), "application/json; charset=utf-8")


def build_request(number: str, carrier: str, *, key: str, account: str = "") -> TrackingRequest:
    """Request one parcel by 即时查询 (1002); ``account`` is the EBusinessID."""
    data = json.dumps({"OrderCode": "", "ShipperCode": carrier, "LogisticCode": number}, separators=(",", ":"))
    form = {
        "RequestData": data,
        "EBusinessID": account,
        "RequestType": "1002",
        "DataSign": _signature(data, key.encode()),
        "DataType": "2",
    }
    return TrackingRequest(
        "POST",
        "https://api.kdniao.com/Ebusiness/EbusinessOrderHandle.aspx",
        {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"},
        urlencode(form).encode(),
    )


def _signature(data: str, key: bytes) -> str:
    return b64encode(signatures.md5_hex(data.encode() + key).encode()).decode()


def _to_update(parcel: dict[str, Any]) -> TrackingUpdate:
    return build_update(
        number=parcel.get("LogisticCode"),
        carrier=parcel.get("ShipperCode"),
        promised_on=fields.parse_day(parcel.get("EstimatedDeliveryTime")),
        events=map(_to_event, fields.rows(parcel.get("Traces"))),
        state=_to_meaning(parcel.get("StateEx")) if parcel.get("StateEx") else _to_meaning(parcel.get("State")),
    )


def _to_event(trace: dict[str, Any]) -> Event | None:
    return build_event(
        at=fields.parse_moment(trace.get("AcceptTime"), CHINA),
        meaning=_to_meaning(trace["Action"]) if trace.get("Action") else Meaning(Code.IN_TRANSIT),
        description=trace.get("AcceptStation"),
        place=fields.join_place(trace.get("Location")),
    )


def _to_meaning(state: Any) -> Meaning:
    written = fields.text(state, 8)
    return Meaning(STATES.get(written) or STATES.get(written[:1], Code.IN_TRANSIT))
