"""Addresses of the floor of the case."""

from django.urls import URLPattern, URLResolver

from returns import desk_urls, portal_urls

app_name = "returns"

urlpatterns: list[URLPattern | URLResolver] = [*portal_urls.urlpatterns, *desk_urls.urlpatterns]
