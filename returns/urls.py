"""Addresses of the case: the shopper's request and status page, the desk's queue and case page."""

from django.urls import URLPattern, path, re_path

from returns.case_page import views as case_page
from returns.case_page.desk_steps import STEPS
from returns.intake import desk as desk_intake
from returns.intake import portal as intake
from returns.lifecycle import views as lifecycle
from returns.portal import pictures, slips
from returns.portal import views as status
from returns.queue import views as queue
from returns.search import views as search
from returns.teamwork import views as teamwork
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
    path("desk/orders/<str:token>/request/", desk_intake.start, name="desk-request-start"),
    path("desk/requests/", desk_intake.find, name="desk-request"),
    path("desk/requests/<str:contact>/", desk_intake.items, name="desk-request-items"),
    path("desk/requests/<str:contact>/check/", desk_intake.check, name="desk-request-check"),
    path("desk/requests/<str:contact>/discard/", desk_intake.drop, name="desk-request-discard"),
    path("desk/requests/<str:contact>/<str:draft>/", desk_intake.details, name="desk-request-details"),
    path("desk/cases/", queue.case_list, name="case-list"),
    path("desk/cases/next/", queue.next_case, name="take-next"),
    path("desk/cases/hand-over/", teamwork.hand_over_cases, name="hand-over"),
    path("desk/cases/<str:number>/", case_page.case_page, name="case"),
    path("desk/cases/<str:number>/slip.pdf", slips.desk_slip, name="desk-slip"),
    path("desk/cases/<str:number>/take/", case_page.take_case, name="take"),
    path("desk/cases/<str:number>/hand-back/", case_page.hand_case_back, name="hand-back"),
    path("desk/cases/<str:number>/assign/", teamwork.assign_case, name="assign"),
    path("desk/cases/<str:number>/watch/", teamwork.watch_case, name="watch"),
    path("desk/cases/<str:number>/unwatch/", teamwork.unwatch_case, name="unwatch"),
    path("desk/cases/<str:number>/presence/", teamwork.presence, name="presence"),
    *(
        path(f"desk/cases/<str:number>/{name}/", staff(step.right)(case_page.step), {"name": name}, name=name)
        for name, step in STEPS.items()
    ),
]

urlpatterns = portal + desk
