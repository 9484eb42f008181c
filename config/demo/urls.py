"""URLs that exist only in the demo."""

from django.urls import path

from config.demo import mail, views

app_name = "demo"

urlpatterns = [
    path("look/", views.style_guide, name="look"),
    path("mail/", mail.mail_box, name="mail"),
    path("mail/<str:key>/html/", mail.mail_html, name="mail-html"),
    path("mail/<str:key>/answer/", mail.mail_answer, name="mail-answer"),
    path("filling/", views.load_progress, name="filling"),
    path("look/portal/", views.style_guide_portal, name="look-portal"),
]
