"""URLs of refunds: plans, approvals, answers to offers, refunds, shipments, the ledger."""

from django.urls import URLPattern, path

from refunds.approvals import views as approvals
from refunds.finance import views as finance
from refunds.ledger import views as ledger
from refunds.payees import views as payees
from refunds.plans import desk as plans
from refunds.plans import portal as offers
from refunds.settlement import views as settlement

app_name = "refunds"

portal: list[URLPattern] = [
    path("cases/<str:number>/accept_offer/", offers.accept, name="shopper-accept-offer"),
    path("cases/<str:number>/decline_offer/", offers.decline, name="shopper-decline-offer"),
    path("cases/<str:number>/payee/", payees.own_payee, name="shopper-payee"),
]

desk: list[URLPattern] = [
    path("desk/cases/<str:number>/payee/", payees.payee, name="payee"),
    path("desk/approvals/", approvals.approval_list, name="approval-list"),
    path("desk/cases/<str:number>/propose/", plans.propose, name="propose"),
    path("desk/cases/<str:number>/offer/", plans.offer, name="offer"),
    path("desk/cases/<str:number>/accept_offer/", plans.accept_offer, name="accept-offer"),
    path("desk/cases/<str:number>/decline_offer/", plans.decline_offer, name="decline-offer"),
    path("desk/cases/<str:number>/take_back/", plans.take_back, name="take-back"),
    path("desk/cases/<str:number>/take_back_to_bench/", plans.take_back, name="take-back-to-bench"),
    path("desk/cases/<str:number>/authorise/", approvals.approval, name="authorise"),
    path("desk/cases/<str:number>/settle/", approvals.approval, name="settle"),
    path("desk/cases/<str:number>/send_back/", approvals.approval, name="send-back"),
    path("desk/cases/<str:number>/send_back_to_bench/", approvals.approval, name="send-back-to-bench"),
    path("desk/refunds/", finance.refund_list, name="refund-list"),
    path("desk/refunds/reported/<str:report>/same/", finance.report_is_ours, name="report-same"),
    path("desk/refunds/reported/<str:report>/additional/", finance.report_is_additional, name="report-additional"),
    path("desk/refunds/<str:token>/", finance.refund, name="refund"),
    path("desk/refunds/<str:token>/confirm/", finance.confirm, name="refund-confirm"),
    path("desk/refunds/<str:token>/fail/", finance.fail, name="refund-fail"),
    path("desk/refunds/<str:token>/payee/", finance.show_payee, name="refund-payee"),
    path("desk/refunds/<str:token>/plan_again/", finance.make_new_plan, name="refund-plan-again"),
    path("desk/refunds/<str:token>/retry/", finance.try_again, name="refund-retry"),
    path("desk/replacements/", settlement.replacement_list, name="replacement-list"),
    path("desk/claims/", ledger.claim_list, name="claim-list"),
    path("desk/ledger/", ledger.ledger, name="ledger"),
    path("desk/ledger/<str:number>/<int:voucher>/", ledger.voucher, name="voucher"),
]

urlpatterns = portal + desk
