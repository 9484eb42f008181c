"""What shops call a means of payment, in our terms."""

from signoff.models import Payment

Method = Payment.Method

#: the first that stands in the shop's words wins
WORDS = (
    (Method.STORE_CREDIT, ("store credit", "store_credit", "gift", "voucher", "余额", "餘額")),
    (
        Method.WALLET,
        ("paypal", "alipay", "支付宝", "支付寶", "wechat", "weixin", "微信", "apple", "google", "klarna", "shop pay"),
    ),
    (Method.BANK, ("bank", "bacs", "transfer", "sepa", "boleto", "wire", "invoice", "cheque", "check", "汇款", "转账")),
    (Method.CARD, ("card", "visa", "master", "amex", "stripe", "bogus", "shopify", "银行卡", "信用卡")),
)


def method_of(words: str) -> Payment.Method:
    """``OTHER`` for what we do not know."""
    said = words.casefold()
    for method, known in WORDS:
        if any(word in said for word in known):
            return method
    return Method.OTHER
