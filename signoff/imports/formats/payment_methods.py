"""Payment methods that mean: the shopper pays the carrier on delivery, so an unpaid order is as it should be."""

import re
import unicodedata

#: in the languages of the shops whose exports we know, without accents; "COD" only as a word of its own
ON_DELIVERY = re.compile(
    r"""\bcod\b|\bc\.o\.d\b|cash[\s_-]*on[\s_-]*delivery|cashondelivery|pay(?:ment)?[\s_-]*on[\s_-]*delivery
    |collect[\s_-]*on[\s_-]*delivery|nachnahme|contre[\s-]*remboursement|paiement a la livraison|contrassegno
    |contra[\s-]*(?:re)?e?m?bolso|contrarreembolso|pago contra[\s-]*entrega|contra[\s-]*entrega|pagamento na entrega
    |rembours|efterkrav|postforskott|za pobraniem|pobranie|dobirk[ay]|utanvet|ramburs|наложенн|при получении
    |货到付款|貨到付款|代收货款|代收貨款|到付|代引|착불""",
    re.IGNORECASE | re.VERBOSE,
)


def is_on_delivery(method: str) -> bool:
    """Whether the shop's words for a payment method mean cash on delivery."""
    letters = unicodedata.normalize("NFKD", method.replace("_", " "))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return bool(ON_DELIVERY.search(unicodedata.normalize("NFC", plain)))
