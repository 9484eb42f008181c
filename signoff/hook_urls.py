"""Addresses that other services send their news to."""

from django.urls import path

from signoff.views import hooks

urlpatterns = [
    path("hooks/tracking/<slug:provider>/", hooks.tracking, name="tracking-hook"),
]
