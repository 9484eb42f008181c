"""Addresses of the floor that puts things right."""

from django.urls import URLPattern

from refunds import money_urls, plan_urls

app_name = "refunds"

urlpatterns: list[URLPattern] = [*plan_urls.urlpatterns, *money_urls.urlpatterns]
