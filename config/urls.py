"""Every address of the house."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("signoff.urls")),
    path("", include("returns.urls")),
    path("", include("inspection.urls")),
    path("", include("refunds.urls")),
    path("", include("feedback.urls")),
]
