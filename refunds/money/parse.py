"""Field types of a quote request: allowed JSON, Python value, and the sentence for an error.

Amounts are strings of plain digits, so that no program on the way turns them into floating point; whole numbers may
come as numbers. pydantic checks the types and writes their JSON Schema from them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, LiteralString

from babel.numbers import is_currency
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, Strict, model_validator
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

TOO_MUCH = 10**12
MAX_UNITS = 10_000_000
MAX_ROWS = 2_000
MAX_FEES = 10
LONGEST = 200

PLAIN = r"[0-9]{1,12}(\.[0-9]{1,8})?"
NEGATIVE = re.compile(f"-{PLAIN}", re.ASCII)
POSITIVE = re.compile(PLAIN, re.ASCII)

#: as a shopper's wish and a plan call them; only the first two give money
REMEDIES = ("refund", "compensation", "exchange", "repair", "resend")

NUMBER = _('“%(where)s” must be a decimal number written as text, such as "12.50".')
SENTENCES = {
    "object": _("“%(where)s” must be an object. Send one."),
    "rows": _("“%(where)s” must be a list of at most %(most)d objects."),
    "list": _("“%(where)s” must be a list of at most %(most)d."),
    "choice": _("“%(where)s” must be one of %(known)s."),
    "text": _("“%(where)s” must be text of at most %(most)d characters."),
    "id": _("“%(where)s” must be an id used in the order."),
    "flag": _("“%(where)s” must be true or false."),
    "moment": _("“%(where)s” must be a date and time such as 2026-03-01T10:00:00Z."),
    "currency": _("“%(where)s” must be an ISO 4217 code such as EUR."),
    "count": _("“%(where)s” must be a whole number from %(least)d to %(most)d."),
    "number": NUMBER,
    "rate": NUMBER,
    "negative": _("“%(where)s” cannot be negative."),
    "share": _('“%(where)s” is a share such as "0.19", not a percentage.'),
    "either": _("“already_refunded” must name either a line or a shipping charge."),
}
AMOUNTS = {"count", "number", "rate", "negative", "share"}  # ``invalid_amount``, but ``invalid_order`` in the order


@dataclass(frozen=True)
class StrictValue:
    """Validates ``written`` strictly, then calls ``make``; every error has the text ``SENTENCES[sentence]``."""

    written: Any
    sentence: LiteralString
    make: Callable[[Any], Any] = lambda value: value
    facts: dict[str, Any] = field(default_factory=dict)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = core_schema.no_info_after_validator_function(self.make, handler.generate_schema(self.written))
        return core_schema.custom_error_schema(
            schema, custom_error_type=self.sentence, custom_error_message=self.sentence, custom_error_context=self.facts
        )


def _short(value: str | int) -> str:
    """The value as text. The length is checked here, because pydantic fails on half a surrogate pair."""
    if len(name := str(value)) > LONGEST:
        raise ValueError
    return name


def _name(value: str | int) -> str:
    if not (name := _short(value)):
        raise ValueError
    return name


def _currency(value: str) -> str:
    if not is_currency(value):
        raise ValueError
    return value


def _unit(value: str | int) -> int:
    if not (number := int(value)):
        raise ValueError
    return number


def _rate(value: str | int) -> Decimal:
    if (rate := Decimal(value)) > 10:
        raise ValueError
    return rate


def more_specific(sentence: str, value: object) -> str:
    """The key of a more specific sentence than ``SENTENCES[sentence]`` about this wrong ``value``, if there is one."""
    written = str(value)[:LONGEST] if isinstance(value, str | int) else ""
    if sentence in ("number", "rate") and NEGATIVE.fullmatch(written):
        return "negative"
    return "share" if sentence == "rate" and POSITIVE.fullmatch(written) else sentence


def at_most(most: int, sentence: Literal["rows", "list"]) -> BeforeValidator:
    """Validator for a list of at most ``most`` elements."""

    def check(value: Any) -> Any:
        if not isinstance(value, list) or len(value) > most:
            raise PydanticCustomError(sentence, sentence, {"most": most})
        return value

    return BeforeValidator(check)


def an_object(value: Any) -> Any:
    if not isinstance(value, dict):
        raise PydanticCustomError("object", "object")
    return value


_Integer = Annotated[int, Strict()]
_String = Annotated[str, Strict()]
_Text = Annotated[_String, Field(json_schema_extra={"maxLength": LONGEST})]
_Name = (
    Annotated[_String, Field(json_schema_extra={"minLength": 1, "maxLength": LONGEST})]
    | Annotated[_Integer, Field(gt=-(10**18), lt=10**18)]
)
_Digits = Annotated[_String, Field(pattern=r"^[0-9]{1,7}$")]
_Amount = (
    Annotated[_String, Field(pattern=f"^{PLAIN}$", examples=["12.50"])] | Annotated[_Integer, Field(ge=0, lt=TOO_MUCH)]
)
_Rate = (
    Annotated[_String, Field(pattern=r"^(10|[0-9])(\.[0-9]{1,8})?$", examples=["0.19"])]
    | Annotated[_Integer, Field(ge=0, le=10)]
)

type Id = Annotated[str, StrictValue(_Name, "id", _name)]
type Text = Annotated[str, StrictValue(_Text, "text", _short, {"most": LONGEST})]
type Remedy = Annotated[str, StrictValue(Literal[REMEDIES], "choice", facts={"known": ", ".join(REMEDIES)})]
type Currency = Annotated[str, StrictValue(_String, "currency", _currency)]
type Flag = Annotated[bool, StrictValue(Annotated[bool, Strict()], "flag")]
type Moment = Annotated[datetime, StrictValue(_String, "moment", datetime.fromisoformat)]
type Amount = Annotated[Decimal, StrictValue(_Amount, "number", Decimal)]
type Rate = Annotated[Decimal, StrictValue(_Rate, "rate", _rate)]
type Count = Annotated[
    int,
    StrictValue(
        Annotated[_Integer, Field(ge=0, le=MAX_UNITS)] | _Digits, "count", int, {"least": 0, "most": MAX_UNITS}
    ),
]
type Unit = Annotated[
    int,
    StrictValue(
        Annotated[_Integer, Field(ge=1, le=MAX_UNITS)] | _Digits, "count", _unit, {"least": 1, "most": MAX_UNITS}
    ),
]
type Rows[T] = Annotated[list[T], Field(max_length=MAX_ROWS), at_most(MAX_ROWS, "rows")]
type Fees[T] = Annotated[list[T], Field(max_length=MAX_FEES), at_most(MAX_FEES, "rows")]
type Names = Annotated[list[Id], Field(max_length=MAX_ROWS), at_most(MAX_ROWS, "list")]
type Numbers = Annotated[list[Unit], Field(max_length=MAX_ROWS), at_most(MAX_ROWS, "list")]


class JsonObject(BaseModel):
    """An object of the request. A missing field has the same error as a null one."""

    model_config = ConfigDict(frozen=True)
    needed: ClassVar[dict[str, None]]

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        cls.needed = {name: None for name, described in cls.model_fields.items() if described.is_required()}

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, value: Any) -> dict[str, Any]:
        return cls.needed | an_object(value)
