"""Addresses of the desk's pages of this floor."""

from django.urls import path

from returns.deskwork import STEPS
from returns.views import slips
from returns.views.desk import case, home, lifecycle, queue, steps
from signoff.access import staff

urlpatterns = [
    path("desk/", home.desk, name="desk"),
    path("desk/lifecycle/", lifecycle.lifecycle, name="lifecycle"),
    path("desk/cases/", queue.case_list, name="case-list"),
    path("desk/cases/next/", queue.next_case, name="take-next"),
    path("desk/cases/<str:number>/", case.case_page, name="case"),
    path("desk/cases/<str:number>/slip.pdf", slips.desk_slip, name="desk-slip"),
    path("desk/cases/<str:number>/take/", case.take_case, name="take"),
    path("desk/cases/<str:number>/hand-back/", case.hand_case_back, name="hand-back"),
]
urlpatterns += [
    path(f"desk/cases/<str:number>/{name}/", staff(page.right)(steps.step), {"name": name}, name=name)
    for name, page in STEPS.items()
]
