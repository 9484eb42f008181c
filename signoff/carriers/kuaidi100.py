"""快递100. Pushed: a form with ``param`` (JSON) and ``sign``; requested: JSON with ``nu``, ``com`` and ``data``.

Signature: 快递信息推送服务 / 推送接口, api.kuaidi100.com/document: ``sign`` is MD5 of ``param`` and the ``salt``
given when subscribing, as 32 capitals. Times are Chinese (Asia/Shanghai) without a zone, newest first by default.
States: 运单快递状态 of 实时快递查询接口; a finer state begins with the digit of its family (``301`` is a ``3``).
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from signoff.carriers import fields, signatures
from signoff.carriers.messages import (
    Acknowledgement,
    BadSignature,
    Code,
    Event,
    Harm,
    Meaning,
    TrackingRequest,
    TrackingUpdate,
    UnreadableMessage,
)
from signoff.carriers.normalise import build_event, build_update
from signoff.carriers.payloads import not_a_tracking_message, parse_form, parse_json_or_field, provider_error

NAME = "快递100"
CHINA = ZoneInfo("Asia/Shanghai")
STATES = {
    "0": Meaning(Code.IN_TRANSIT),
    "1": Meaning(Code.IN_TRANSIT),
    "101": Meaning(Code.REGISTERED),
    "102": Meaning(Code.REGISTERED),
    "2": Meaning(Code.EXCEPTION),
    "203": Meaning(Code.RETURNED),
    "209": Meaning(Code.EXCEPTION, Harm.DAMAGED),
    "3": Meaning(Code.DELIVERED),
    "4": Meaning(Code.RETURNED),
    "401": Meaning(Code.VOIDED),
    "5": Meaning(Code.OUT_FOR_DELIVERY),
    "501": Meaning(Code.READY_FOR_PICKUP),
    "6": Meaning(Code.RETURNED),
    "7": Meaning(Code.IN_TRANSIT),
    "8": Meaning(Code.IN_TRANSIT),
    "10": Meaning(Code.IN_TRANSIT),
    "11": Meaning(Code.IN_TRANSIT),
    "12": Meaning(Code.IN_TRANSIT),
    "13": Meaning(Code.EXCEPTION),
    "14": Meaning(Code.RETURNED),
}
STATE_BY_NAME = {
    "在途": "0",
    "到达派件城市": "0",
    "干线": "0",
    "转递": "0",
    "揽收": "1",
    "已揽收": "1",
    "已下单": "101",
    "待揽收": "102",
    "疑难": "2",
    "超时未签收": "2",
    "超时未更新": "2",
    "派件异常": "2",
    "柜或驿站超时未取": "2",
    "无法联系": "2",
    "超区": "2",
    "滞留": "2",
    "销单": "401",
    "拒收": "203",
    "破损": "209",
    "签收": "3",
    "本人签收": "3",
    "派件异常后签收": "3",
    "代签": "3",
    "投柜或站签收": "3",
    "退签": "4",
    "已销单": "401",
    "派件": "5",
    "投柜或驿站": "501",
    "退回": "6",
    "转投": "7",
    "清关": "8",
    "清关异常": "13",
    "拒签": "14",
}


def verify(body: bytes, headers: Mapping[str, str], *, secret: str) -> None:
    """Check the signature of a message; ``secret`` is the salt. Raises ``BadSignature``."""
    salt = signatures.require_secret(secret, provider=NAME)
    try:
        form = parse_form(body)
    except UnreadableMessage as unreadable:
        raise BadSignature(str(unreadable)) from unreadable
    expected = signatures.md5_hex(form.get("param", "").encode() + salt).upper()
    signatures.check_signature(form.get("sign", "").upper(), expected, provider=NAME)


def parse(body: bytes) -> list[TrackingUpdate]:
    """The updates in a message or response. Raises ``UnreadableMessage``."""
    payload = parse_json_or_field(body, "param")
    results = _find_results(payload)
    if not results:
        raise _error(payload)
    first = results[0]
    return [
        build_update(
            number=first["nu"],
            carrier=first.get("com"),
            events=[_to_event(row) for result in results for row in fields.rows(result.get("data"))],
            state=_to_meaning(results[-1].get("state")),
        )
    ]


def acknowledge(*, account: str = "", now: datetime | None = None) -> Acknowledgement:
    """快递100 repeats the message unless it gets exactly this response."""
    reply = {"result": True, "returnCode": "200", "message": "成功"}
    return Acknowledgement(json.dumps(reply, ensure_ascii=False).encode(), "application/json; charset=utf-8")


def build_request(number: str, carrier: str, *, key: str, account: str = "") -> TrackingRequest:
    """Request one parcel; ``account`` is the ``customer``. 顺丰 also needs a phone number, which is not sent."""
    param = json.dumps({"com": carrier, "num": number, "resultv2": "4", "order": "asc"}, separators=(",", ":"))
    sign = signatures.md5_hex(f"{param}{key}{account}".encode()).upper()
    return TrackingRequest(
        "POST",
        "https://poll.kuaidi100.com/poll/query.do",
        {"Content-Type": "application/x-www-form-urlencoded"},
        urlencode({"customer": account, "sign": sign, "param": param}).encode(),
    )


def _find_results(payload: Any) -> list[dict[str, Any]]:
    """The results of the country of departure and, for parcels abroad, of the destination."""
    all_three = payload, fields.nested(payload, "lastResult"), fields.nested(payload, "destResult")
    return [result for result in all_three if isinstance(result, dict) and {"nu", "data"} <= set(result)]


def _error(payload: Any) -> UnreadableMessage:
    words = fields.text(fields.nested(payload, "message"), fields.DESCRIPTION)
    if words and {"returnCode", "lastResult", "status"} & set(payload):
        return provider_error(NAME, words)
    return not_a_tracking_message(NAME)


def _to_event(row: dict[str, Any]) -> Event | None:
    code = fields.text(row.get("statusCode"), 8) or STATE_BY_NAME.get(fields.text(row.get("status"), 20))
    return build_event(
        at=fields.parse_moment(row.get("ftime") or row.get("time"), CHINA),
        meaning=_to_meaning(code),
        description=row.get("context"),
        place=fields.join_place(row.get("areaName") or row.get("location")),
    )


def _to_meaning(state: Any) -> Meaning:
    written = fields.text(state, 8)
    return STATES.get(written) or (len(written) > 2 and STATES.get(written[0])) or Meaning(Code.IN_TRANSIT)
