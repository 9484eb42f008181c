"""Orders from files. A format is a module that reads one kind of file; this is the list of them.

``sources`` opens what was sent (``contents`` and ``encodings`` say what it is; ``tables``, ``sheets`` and
``documents`` read it), ``layouts``, ``together`` and ``cells`` understand rows, ``terms`` is what formats speak,
``pricing`` and ``rows`` say what is to be written, ``store`` writes it (``adding``) or what is new of it
(``renewing``, ``kept``, ``comparing``, ``changing``, ``delivering``), ``refused`` the rows that were not taken,
``running`` does one import from beginning to end.
"""

from django.utils.translation import gettext as _

from signoff.imports import douyin, jd, olist, online_retail, shopify, shopify_json, taobao, woocommerce
from signoff.imports.generic import Generic
from signoff.imports.recipes import Recipe, guess
from signoff.imports.running import Outcome, import_orders
from signoff.imports.sources import Source, open_source
from signoff.imports.tables import Table, Unreadable
from signoff.imports.terms import Format

FORMATS: dict[str, Format] = {
    one.key: one
    for one in (
        Format("shopify", "Shopify CSV", shopify.recognises, shopify.reader),
        Format("shopify-json", "Shopify JSON", shopify_json.recognises, shopify_json.ShopifyJson, is_json=True),
        Format("woocommerce", "WooCommerce JSON", woocommerce.recognises, woocommerce.WooCommerce, is_json=True),
        Format("taobao", "淘宝 / 天猫", taobao.recognises, taobao.reader),
        Format("jd", "京东", jd.recognises, jd.reader),
        Format("douyin", "抖音", douyin.recognises, douyin.reader),
        Format("olist", "Olist", olist.recognises, olist.Olist),
        Format("online-retail", "Online Retail", online_retail.recognises, online_retail.reader),
    )
}


def recognise(source: Source) -> Format:
    """The format of what was sent, by its columns or keys. Raises ``Unreadable`` and says what is known."""
    for one in FORMATS.values():
        if one.recognises(source):
            return one
    if len(source.tables) + bool(source.documents) > 1:
        raise Unreadable(_("These files do not belong together. Send them one after another."))
    known = ", ".join(one.title for one in FORMATS.values())
    if source.tables:
        raise Unreadable(
            _("This is no export that we know (%(known)s). Choose yourself which column holds what.") % {"known": known}
        )
    raise Unreadable(_("This JSON holds no orders that we know (%(known)s).") % {"known": known})


__all__ = [
    "FORMATS",
    "Format",
    "Generic",
    "Outcome",
    "Recipe",
    "Source",
    "Table",
    "Unreadable",
    "guess",
    "import_orders",
    "open_source",
    "recognise",
]
