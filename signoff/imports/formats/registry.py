"""The import formats by key, and the detection of a file's format."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from signoff.imports.files.csv import Table
from signoff.imports.files.sniff import UnreadableFile
from signoff.imports.files.uploaded import Source
from signoff.imports.formats import (
    douyin,
    jd,
    olist,
    online_retail,
    presets,
    shopify,
    shopify_json,
    taobao,
    woocommerce,
)
from signoff.imports.orders.parsed import Reader


class NotOrders(UnreadableFile):
    """A known report of something else than orders; nobody should map its columns."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of export: its name, its detection and its reader. Calling a format makes a reader."""

    key: str
    title: str
    recognises: Callable[[Source], bool]
    reader: Callable[[Source], Reader]
    is_json: bool = False

    def __call__(self, source: Source | Table) -> Reader:
        """A reader of the files. Raises ``UnreadableFile`` if a required column is missing."""
        return self.reader(Source([source], []) if isinstance(source, Table) else source)


FORMATS: dict[str, Format] = {
    format.key: format
    for format in (
        Format("shopify", "Shopify CSV", shopify.recognises, shopify.reader),
        Format("shopify-json", "Shopify JSON", shopify_json.recognises, shopify_json.ShopifyJson, is_json=True),
        Format("woocommerce", "WooCommerce JSON", woocommerce.recognises, woocommerce.WooCommerce, is_json=True),
        Format("taobao", "淘宝 / 天猫", taobao.recognises, taobao.reader),
        Format("jd", "京东", jd.recognises, jd.reader),
        Format("douyin", "抖音", douyin.recognises, douyin.reader),
        Format("olist", "Olist", olist.recognises, olist.Olist),
        Format("online-retail", "Online Retail", online_retail.recognises, online_retail.reader),
        *(Format(preset.key, preset.title, preset.recognises, preset.reader) for preset in presets.PRESETS),
    )
}


def recognise(source: Source) -> Format:
    """The format of the files by their columns or keys. Raises ``UnreadableFile``, naming the known formats.

    Raises ``NotOrders`` for a report that is known to have no orders.
    """
    if presets.is_amazon_returns(source):
        raise NotOrders(
            _(
                "This is a report of past returns, not of orders. Import its orders here, and then these returns with "
                "“manage.py import_returns”."
            )
        )
    for format in FORMATS.values():
        if format.recognises(source):
            return format
    if len(source.tables) + bool(source.documents) > 1:
        raise UnreadableFile(_("These files don't belong together. Upload them separately."))
    titles = ", ".join(dict.fromkeys(format.title for format in FORMATS.values()))
    if source.tables:
        raise UnreadableFile(
            _("This export isn't recognised (known: %(known)s). Assign the columns yourself.") % {"known": titles}
        )
    raise UnreadableFile(_("This JSON contains no orders we recognise (known: %(known)s).") % {"known": titles})
