"""Addresses of the desk's pages of this floor."""

from django.urls import path

from returns.views.desk import case, home, queue

urlpatterns = [
    path("desk/", home.desk, name="desk"),
    path("desk/cases/", queue.case_list, name="case-list"),
    path("desk/cases/next/", queue.next_case, name="take-next"),
    path("desk/cases/<str:number>/", case.case_page, name="case"),
    path("desk/cases/<str:number>/take/", case.take_case, name="take"),
    path("desk/cases/<str:number>/hand-back/", case.hand_case_back, name="hand-back"),
]
