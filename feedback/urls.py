"""URLs of messages and surveys."""

from django.urls import path

from feedback.messages import views as messages
from feedback.surveys import portal

app_name = "feedback"

urlpatterns = [
    path("desk/messages/", messages.message_list, name="message-list"),
    path("desk/messages/<slug:topic>/<str:number>/<int:seq>/again/", messages.message_again, name="message-again"),
    path("desk/surveys/", messages.survey_list, name="survey-list"),
    path("survey/<str:token>/", portal.survey, name="survey"),
]
