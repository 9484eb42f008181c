"""Addresses for shoppers on the floor of the case."""

from django.urls import path, re_path

from returns.views import slips
from returns.views.portal import check, details, items, pictures, status, steps

STEP = r"^cases/(?P<number>[^/]+)/(?P<step>supply_information|appeal|ship|withdraw)/$"

urlpatterns = [
    path("orders/<str:token>/request/", items.items, name="request"),
    path("orders/<str:token>/request/<str:draft>/", details.details, name="request-details"),
    path("orders/<str:token>/request/<str:draft>/check/", check.check, name="request-check"),
    path("cases/<str:number>/", status.status, name="status"),
    path("cases/<str:number>/slip.pdf", slips.slip, name="slip"),
    re_path(STEP, steps.step, name="shopper-step"),
    path("evidence/<uuid:token>/<str:size>", pictures.evidence, name="evidence"),
]
