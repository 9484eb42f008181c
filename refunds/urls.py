from django.urls import URLPattern

app_name = "refunds"

urlpatterns: list[URLPattern] = []
