"""Columns of Olist's files, and the key column of each companion file."""

from signoff.imports.layouts.columns import Columns

ORDERS: Columns = {
    "number": ("order_id",),
    "customer": ("customer_id",),
    "status": ("order_status",),
    "placed": ("order_purchase_timestamp",),
    "sent": ("order_delivered_carrier_date",),
    "delivered": ("order_delivered_customer_date",),
    "promised": ("order_estimated_delivery_date",),
}
COMPANIONS: dict[str, tuple[str, Columns]] = {
    "items": (
        "order",
        {
            "order": ("order_id",),
            "line": ("order_item_id",),
            "product": ("product_id",),
            "seller": ("seller_id",),
            "price": ("price",),
            "freight": ("freight_value",),
        },
    ),
    "payments": (
        "order",
        {
            "order": ("order_id",),
            "sequence": ("payment_sequential",),
            "method": ("payment_type",),
            "amount": ("payment_value",),
        },
    ),
    "reviews": (
        "order",
        {
            "order": ("order_id",),
            "review": ("review_id",),
            "stars": ("review_score",),
            "title": ("review_comment_title",),
            "words": ("review_comment_message",),
            "given": ("review_creation_date",),
        },
    ),
    "customers": (
        "customer",
        {
            "customer": ("customer_id",),
            "person": ("customer_unique_id",),
            "postcode": ("customer_zip_code_prefix",),
            "city": ("customer_city",),
            "state": ("customer_state",),
        },
    ),
    "products": ("product", {"product": ("product_id",), "category": ("product_category_name",)}),
    "categories": (
        "category",
        {"category": ("product_category_name",), "english": ("product_category_name_english",)},
    ),
}
