"""快递鸟. Pushed: a form with ``RequestData`` (JSON with ``Data``), ``DataSign``; asked for: JSON with ``Traces``.

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
from signoff.carriers.messages import Answer, BadSignature, Code, Event, Meaning, Question, Told, Unreadable
from signoff.carriers.normalise import event, told
from signoff.carriers.payloads import complaint, form_of, json_or_field, not_tracking

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
    """``secret`` is the AppKey. Raises ``BadSignature``."""
    key = signatures.need(secret, provider=NAME)
    try:
        form = form_of(body)
    except Unreadable as unreadable:
        raise BadSignature(str(unreadable)) from unreadable
    signatures.compare(form.get("DataSign", ""), _signature(form.get("RequestData", ""), key), provider=NAME)


def read(body: bytes) -> list[Told]:
    """Raises ``Unreadable``."""
    said = json_or_field(body, "RequestData")
    if isinstance(said, dict) and "Data" in said:
        return [_parcel(parcel) for parcel in fields.rows(said["Data"])]
    if not isinstance(said, dict) or not {"LogisticCode", "Traces", "Reason"} & set(said):
        raise not_tracking(NAME)
    if said.get("Success") is False and not said.get("Traces"):
        raise complaint(NAME, fields.text(said.get("Reason"), fields.DESCRIPTION))
    return [_parcel(said)]


def answer(*, account: str = "", now: datetime | None = None) -> Answer:
    """``account`` is our EBusinessID. Anything else, and 快递鸟 pushes the same again."""
    at = timezone.localtime(now, CHINA).strftime("%Y-%m-%d %H:%M:%S")
    said = {"EBusinessID": account, "UpdateTime": at, "Success": True, "Reason": ""}
    return Answer(json.dumps(said, ensure_ascii=False).encode(), "application/json; charset=utf-8")


def ask(number: str, carrier: str, *, key: str, account: str = "") -> Question:
    """One parcel by 即时查询 (1002); ``account`` is the EBusinessID."""
    data = json.dumps({"OrderCode": "", "ShipperCode": carrier, "LogisticCode": number}, separators=(",", ":"))
    form = {
        "RequestData": data,
        "EBusinessID": account,
        "RequestType": "1002",
        "DataSign": _signature(data, key.encode()),
        "DataType": "2",
    }
    return Question(
        "POST",
        "https://api.kdniao.com/Ebusiness/EbusinessOrderHandle.aspx",
        {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"},
        urlencode(form).encode(),
    )


def _signature(data: str, key: bytes) -> str:
    return b64encode(signatures.md5_hex(data.encode() + key).encode()).decode()


def _parcel(parcel: dict[str, Any]) -> Told:
    return told(
        number=parcel.get("LogisticCode"),
        carrier=parcel.get("ShipperCode"),
        promised_on=fields.day(parcel.get("EstimatedDeliveryTime")),
        events=map(_event, fields.rows(parcel.get("Traces"))),
        state=_meaning(parcel.get("StateEx")) if parcel.get("StateEx") else _meaning(parcel.get("State")),
    )


def _event(trace: dict[str, Any]) -> Event | None:
    return event(
        at=fields.moment(trace.get("AcceptTime"), CHINA),
        means=_meaning(trace["Action"]) if trace.get("Action") else Meaning(Code.IN_TRANSIT),
        words=trace.get("AcceptStation"),
        place=fields.place(trace.get("Location")),
    )


def _meaning(state: Any) -> Meaning:
    written = fields.text(state, 8)
    return Meaning(STATES.get(written) or STATES.get(written[:1], Code.IN_TRANSIT))
