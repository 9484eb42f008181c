"""Checks of the accounts to which a refund can be transferred. Pure. IBAN and check digits by python-stdnum."""

import re

from django.utils.translation import gettext as _
from stdnum import iban, luhn
from stdnum.exceptions import ValidationError

from refunds.models import Payee

CARD_LENGTHS = range(16, 20)  # digits of a Chinese bank card
CHINESE_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class WrongAccount(ValueError):
    """Nothing can be transferred to this account; a sentence for the person who typed it."""


def check_account(kind: str, typed: str) -> str:
    """The account in its normal form. Raises ``WrongAccount``."""
    match kind:
        case Payee.Kind.IBAN:
            return _iban(typed)
        case Payee.Kind.CARD:
            return _card(typed)
    return _alipay(typed)


def _iban(typed: str) -> str:
    try:
        return iban.validate(typed)
    except ValidationError as wrong:
        raise WrongAccount(
            _("This IBAN is not complete or has a typing error. Compare it with your bank's.")
        ) from wrong


def _card(typed: str) -> str:
    digits = re.sub(r"[\s-]", "", typed)
    if not digits.isascii() or not digits.isdigit() or len(digits) not in CARD_LENGTHS or not luhn.is_valid(digits):
        raise WrongAccount(_("This card number is not complete or has a typing error. Compare it with your card."))
    return digits


def _alipay(typed: str) -> str:
    account = typed.strip()
    if mobile := CHINESE_MOBILE.fullmatch(re.sub(r"[\s-]", "", account)):
        return mobile[1]
    if not MAIL.fullmatch(account):
        raise WrongAccount(_("Enter the mobile number or the e-mail address of your Alipay account."))
    return account
