"""Addresses of plans, approvals and the answers to offers."""

from django.urls import path

from refunds.views import approvals, offers, plans

urlpatterns = [
    path("desk/approvals/", approvals.approval_list, name="approval-list"),
    path("desk/cases/<str:number>/propose/", plans.propose, name="propose"),
    path("desk/cases/<str:number>/offer/", plans.offer, name="offer"),
    path("desk/cases/<str:number>/accept_offer/", plans.accept_offer, name="accept-offer"),
    path("desk/cases/<str:number>/decline_offer/", plans.decline_offer, name="decline-offer"),
    path("desk/cases/<str:number>/authorise/", approvals.approval, name="authorise"),
    path("desk/cases/<str:number>/settle/", approvals.approval, name="settle"),
    path("desk/cases/<str:number>/send_back/", approvals.approval, name="send-back"),
    path("desk/cases/<str:number>/send_back_to_bench/", approvals.approval, name="send-back-to-bench"),
    path("cases/<str:number>/accept_offer/", offers.accept, name="shopper-accept-offer"),
    path("cases/<str:number>/decline_offer/", offers.decline, name="shopper-decline-offer"),
]
