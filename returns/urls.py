"""Addresses of the case: the shopper's request and status page, the desk's queue and case page."""

from django.urls import URLPattern, path, re_path

from returns.case_page import views as case_page
from returns.case_page.desk_steps import STEPS
from returns.intake import portal as intake
from returns.lifecycle import views as lifecycle
from returns.portal import pictures, slips
from returns.portal import views as status
from returns.queue import views as queue
from returns.search import views as search
from signoff.web.access import staff

app_name = "returns"

STEP = r"^cases/(?P<number>[^/]+)/(?P<step>supply_information|appeal|reopen|ship|cancel)/$"

portal: list[URLPattern] = [
    path("orders/<str:token>/request/", intake.items, name="request"),
    path("orders/<str:token>/request/<str:draft>/", intake.details, name="request-details"),
    path("orders/<str:token>/request/<str:draft>/check/", intake.check, name="request-check"),
    path("cases/<str:number>/", status.status, name="status"),
    path("cases/<str:number>/slip.pdf", slips.slip, name="slip"),
    re_path(STEP, status.step, name="shopper-step"),
    path("evidence/<uuid:token>/<str:size>", pictures.evidence, name="evidence"),
]

desk: list[URLPattern] = [
    path("desk/", queue.desk, name="desk"),
    path("desk/lifecycle/", lifecycle.lifecycle, name="lifecycle"),
    path("desk/search/", search.search_page, name="search"),
    path("desk/cases/", queue.case_list, name="case-list"),
    path("desk/cases/next/", queue.next_case, name="take-next"),
    path("desk/cases/<str:number>/", case_page.case_page, name="case"),
    path("desk/cases/<str:number>/slip.pdf", slips.desk_slip, name="desk-slip"),
    path("desk/cases/<str:number>/take/", case_page.take_case, name="take"),
    path("desk/cases/<str:number>/hand-back/", case_page.hand_case_back, name="hand-back"),
    *(
        path(f"desk/cases/<str:number>/{name}/", staff(step.right)(case_page.step), {"name": name}, name=name)
        for name, step in STEPS.items()
    ),
]

urlpatterns = portal + desk
