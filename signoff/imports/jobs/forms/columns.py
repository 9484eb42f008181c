"""Labels of our order fields, in the groups of the column select."""

from functools import cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

type Choices = list[tuple[str, str | Promise]]

FIELDS: list[tuple[str | Promise, Choices]] = [
    (
        gettext_lazy("Required"),
        [
            ("number", gettext_lazy("Order number")),
            ("article", gettext_lazy("Item number (SKU)")),
            ("quantity", gettext_lazy("Quantity")),
            ("price", gettext_lazy("Unit price")),
            ("placed", gettext_lazy("Order time")),
        ],
    ),
    (
        gettext_lazy("Order line"),
        [
            ("line", gettext_lazy("Line number")),
            ("line_total", gettext_lazy("Total of the line")),
            ("title", gettext_lazy("Item name")),
            ("category", gettext_lazy("Category")),
            ("discount", gettext_lazy("Line discount")),
            ("tax", gettext_lazy("Line tax")),
            ("tax_rate", gettext_lazy("Tax rate")),
        ],
    ),
    (
        gettext_lazy("Order"),
        [
            ("currency", gettext_lazy("Currency")),
            ("order_discount", gettext_lazy("Order discount")),
            ("discount_code", gettext_lazy("Discount code")),
            ("shipping", gettext_lazy("Shipping charge")),
            ("shipping_discount", gettext_lazy("Discount on shipping")),
            ("shipping_title", gettext_lazy("Shipping method")),
            ("shipping_tax", gettext_lazy("Tax on shipping")),
            ("order_tax", gettext_lazy("Tax of the order")),
            ("total", gettext_lazy("Order total")),
            ("paid", pgettext_lazy("column of a table", "Amount paid")),
            ("refunded", pgettext_lazy("column of a table", "Amount refunded")),
            ("payment_method", gettext_lazy("Payment method")),
            ("payment_reference", gettext_lazy("Payment reference")),
            ("status", gettext_lazy("Shop status")),
        ],
    ),
    (
        gettext_lazy("Customer"),
        [
            ("customer", gettext_lazy("Customer number")),
            ("email", gettext_lazy("E-mail")),
            ("phone", gettext_lazy("Phone")),
            ("language", gettext_lazy("Language")),
            ("ship_name", gettext_lazy("Recipient name")),
            ("ship_last_name", gettext_lazy("Recipient surname")),
            ("ship_company", gettext_lazy("Company")),
            ("ship_street", gettext_lazy("Street")),
            ("ship_street_2", gettext_lazy("Street, second line")),
            ("ship_city", gettext_lazy("City")),
            ("ship_region", gettext_lazy("Region")),
            ("ship_postcode", gettext_lazy("Postcode")),
            ("ship_country", gettext_lazy("Country")),
        ],
    ),
    (
        gettext_lazy("Parcel"),
        [
            ("carrier", gettext_lazy("Carrier")),
            ("tracking", gettext_lazy("Tracking number")),
            ("sent", pgettext_lazy("column of a table", "Sent at")),
            ("delivered", pgettext_lazy("column of a table", "Delivered at")),
            ("promised", gettext_lazy("Promised date")),
        ],
    ),
]
LABELS = {name: label for _group, choices in FIELDS for name, label in choices}
NOT_NEEDED = gettext_lazy("– ignore –")


class FieldSelect(forms.Select):
    """A select of our fields. Its options are rendered once per language: a table may have 200 columns."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        attributes = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        options = _options(get_language())
        if value in LABELS:
            options = mark_safe(options.replace(f'value="{value}"', f'value="{value}" selected', 1))
        return format_html("<select{}>{}</select>", flatatt(attributes), options)


@cache
def _options(_language: str | None) -> SafeString:
    """Rendered options; ``_language`` only keys the cache."""
    option = '<option value="{}">{}</option>'
    groups = [(group, format_html_join("", option, choices)) for group, choices in FIELDS]
    return format_html(option, "", NOT_NEEDED) + format_html_join("", '<optgroup label="{}">{}</optgroup>', groups)
