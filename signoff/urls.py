"""Addresses of the lowest floor."""

from django.urls import URLPattern

from signoff import desk_urls, hook_urls, portal_urls

app_name = "signoff"

urlpatterns: list[URLPattern] = [
    *portal_urls.urlpatterns,
    *desk_urls.urlpatterns,
    *hook_urls.urlpatterns,
]
