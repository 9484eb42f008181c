"""Addresses of refunds, replacements and the ledger."""

from django.urls import URLPattern, path

from refunds.views import books, claims, money, replacements

urlpatterns: list[URLPattern] = [
    path("desk/refunds/", money.refund_list, name="refund-list"),
    path("desk/refunds/<str:token>/", money.refund, name="refund"),
    path("desk/refunds/<str:token>/confirm/", money.confirm, name="refund-confirm"),
    path("desk/refunds/<str:token>/fail/", money.fail, name="refund-fail"),
    path("desk/refunds/<str:token>/retry/", money.try_again, name="refund-retry"),
    path("desk/replacements/", replacements.replacement_list, name="replacement-list"),
    path("desk/claims/", claims.claim_list, name="claim-list"),
    path("desk/ledger/", books.ledger, name="ledger"),
    path("desk/ledger/<str:number>/<int:voucher>/", books.voucher, name="voucher"),
]
