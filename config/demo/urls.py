"""Addresses that only the demo has."""

from django.urls import path

from config.demo import views

app_name = "demo"

urlpatterns = [
    path("look/", views.look, name="look"),
    path("look/portal/", views.look_portal, name="look-portal"),
]
