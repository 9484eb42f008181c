"""Addresses of the top floor."""

from django.urls import path

from feedback.views import desk, portal

app_name = "feedback"

urlpatterns = [
    path("desk/messages/", desk.message_list, name="message-list"),
    path("desk/messages/<slug:topic>/<str:number>/<int:seq>/again/", desk.message_again, name="message-again"),
    path("desk/surveys/", desk.survey_list, name="survey-list"),
    path("survey/<str:token>/", portal.survey, name="survey"),
]
