"""快递100. Pushed: a form with ``param`` (JSON) and ``sign``; asked for: JSON with ``nu``, ``com`` and ``data``.

Signature: 快递信息推送服务 / 推送接口, api.kuaidi100.com/document: ``sign`` is MD5 of ``param`` and the ``salt``
given when subscribing, as 32 capitals. Times are Chinese (Asia/Shanghai) without a zone, newest first unless asked.
States: 运单快递状态 of 实时快递查询接口; a finer state begins with the digit of its family (``301`` is a ``3``).
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from signoff.carriers import fields, signatures
from signoff.carriers.messages import Answer, BadSignature, Code, Event, Harm, Meaning, Question, Told, Unreadable
from signoff.carriers.normalise import event, told
from signoff.carriers.payloads import complaint, form_of, json_or_field, not_tracking

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
    "401": Meaning(Code.EXCEPTION),
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
NAMES = {
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
    "销单": "2",
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
    """``secret`` is the salt. Raises ``BadSignature``."""
    salt = signatures.need(secret, provider=NAME)
    try:
        form = form_of(body)
    except Unreadable as unreadable:
        raise BadSignature(str(unreadable)) from unreadable
    expected = signatures.md5_hex(form.get("param", "").encode() + salt).upper()
    signatures.compare(form.get("sign", "").upper(), expected, provider=NAME)


def read(body: bytes) -> list[Told]:
    """Raises ``Unreadable``."""
    said = json_or_field(body, "param")
    results = _results(said)
    if not results:
        raise _refusal(said)
    first = results[0]
    return [
        told(
            number=first["nu"],
            carrier=first.get("com"),
            events=[_event(row) for result in results for row in fields.rows(result.get("data"))],
            state=_meaning(results[-1].get("state")),
        )
    ]


def answer(*, account: str = "", now: datetime | None = None) -> Answer:
    """Anything else, and 快递100 pushes the same again."""
    said = {"result": True, "returnCode": "200", "message": "成功"}
    return Answer(json.dumps(said, ensure_ascii=False).encode(), "application/json; charset=utf-8")


def ask(number: str, carrier: str, *, key: str, account: str = "") -> Question:
    """One parcel; ``account`` is the ``customer``. 顺丰 also wants a telephone number, which is not sent here."""
    param = json.dumps({"com": carrier, "num": number, "resultv2": "4", "order": "asc"}, separators=(",", ":"))
    sign = signatures.md5_hex(f"{param}{key}{account}".encode()).upper()
    return Question(
        "POST",
        "https://poll.kuaidi100.com/poll/query.do",
        {"Content-Type": "application/x-www-form-urlencoded"},
        urlencode({"customer": account, "sign": sign, "param": param}).encode(),
    )


def _results(said: Any) -> list[dict[str, Any]]:
    """What the country of departure says and, for parcels abroad, what that of destination says."""
    all_three = said, fields.inner(said, "lastResult"), fields.inner(said, "destResult")
    return [result for result in all_three if isinstance(result, dict) and {"nu", "data"} <= set(result)]


def _refusal(said: Any) -> Unreadable:
    words = fields.text(fields.inner(said, "message"), fields.DESCRIPTION)
    if words and {"returnCode", "lastResult", "status"} & set(said):
        return complaint(NAME, words)
    return not_tracking(NAME)


def _event(row: dict[str, Any]) -> Event | None:
    code = fields.text(row.get("statusCode"), 8) or NAMES.get(fields.text(row.get("status"), 20))
    return event(
        at=fields.moment(row.get("ftime") or row.get("time"), CHINA),
        means=_meaning(code),
        words=row.get("context"),
        place=fields.place(row.get("areaName") or row.get("location")),
    )


def _meaning(state: Any) -> Meaning:
    written = fields.text(state, 8)
    return STATES.get(written) or (len(written) > 2 and STATES.get(written[0])) or Meaning(Code.IN_TRANSIT)
