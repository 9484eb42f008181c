"""A refusal of the API: a code for programs, a sentence for people."""

from collections.abc import Mapping

from ninja import Schema
from pydantic import Field


class Refusal(Schema):
    """What every answer that is not 200 consists of."""

    code: str = Field(description="For programs; never renamed.")
    detail: str = Field(description="For people: what is wrong and what to do, in the language asked for.")


class ApiRefused(Exception):
    """The request goes no further; answered as a ``Refusal`` with this status and these headers."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})
