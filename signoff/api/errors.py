"""Error responses of the API: a code for programs, a sentence for people."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from ninja import Schema
from pydantic import Field

from signoff.api.stored_answers import Answer


class Refusal(Schema):
    """Body of every response but 200."""

    code: str = Field(description="For programs; never renamed.")
    detail: str = Field(description="For people: what is wrong and what to do, in the language asked for.")


class ApiRefused(Exception):
    """Ends the request with a ``Refusal`` of this status and these headers."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})

    def __reduce__(self) -> tuple[type["ApiRefused"], tuple[int, str, str, dict[str, str]]]:
        return type(self), (self.status, self.code, self.detail, self.headers)


#: header that marks a response stored by an earlier request
REPEATED = "Idempotent-Replayed"


@dataclass(frozen=True, slots=True)
class Reply:
    """A status and plain JSON values."""

    status: int
    body: dict[str, Any]

    def answer(self) -> Answer:
        return Answer(self.status, json.dumps(self.body))  # ASCII, so that any program's key can be stored and returned


def response(answer: Answer) -> HttpResponse:
    """The answer as HTTP."""
    headers = {REPEATED: "true"} if answer.repeated else {}
    return HttpResponse(answer.body, status=answer.status, content_type="application/json", headers=headers)
