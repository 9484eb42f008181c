"""Addresses that only the demo has."""

from django.urls import path

from config.demo import mail, views

app_name = "demo"

urlpatterns = [
    path("look/", views.look, name="look"),
    path("mail/", mail.mail_box, name="mail"),
    path("mail/<str:key>/html/", mail.mail_html, name="mail-html"),
    path("filling/", views.still_filling, name="filling"),
    path("look/portal/", views.look_portal, name="look-portal"),
]
