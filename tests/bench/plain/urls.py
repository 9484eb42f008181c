"""The nine addresses of a return."""

from django.urls import path

from tests.bench.plain.views import step, submit

urlpatterns = [
    path("returns/", submit),
    path("returns/<str:number>/propose/", step("submitted", "proposed", ("amount", "note"), "proposed_by")),
    path("returns/<str:number>/approve/", step("proposed", "approved", ("note",), "approved_by")),
    path("returns/<str:number>/ship/", step("approved", "in_transit", ("tracking_number",))),
    path("returns/<str:number>/receive/", step("in_transit", "received", ("received",))),
    path("returns/<str:number>/inspect/", step("received", "inspected", ("verdict",))),
    path("returns/<str:number>/settle/", step("inspected", "settling", ("amount",))),
    path("returns/<str:number>/pay/", step("settling", "paid", ("reference",))),
    path("returns/<str:number>/close/", step("paid", "closed", ("satisfaction",))),
]
