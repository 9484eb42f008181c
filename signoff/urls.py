"""Addresses of the lowest floor."""

from django.urls import URLPattern

from signoff import portal_urls

app_name = "signoff"

urlpatterns: list[URLPattern] = [*portal_urls.urlpatterns]
