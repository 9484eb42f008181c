"""Root URLconf."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config.api import v1
from config.web import views
from config.web.accounts import sign_in
from config.web.settings_page import settings_page

urlpatterns = [
    path("healthz", views.alive, name="alive"),
    path("readyz", views.ready, name="ready"),
    path("admin/", admin.site.urls),
    path("accounts/login/", sign_in, name="account_login"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", v1.url_patterns()),
    path("desk/settings/", settings_page, name="settings"),
    path("theme/", views.set_theme, name="set-theme"),
    path("desk/keys/", views.keys, name="keys"),
    path("", include("signoff.urls")),
    path("", include("returns.urls")),
    path("", include("inspection.urls")),
    path("", include("refunds.urls")),
    path("", include("feedback.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("config.demo.urls")))
