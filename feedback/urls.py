"""URLs of messages and surveys."""

from django.urls import path

from feedback.messages import views as messages
from feedback.notifications import views as notifications
from feedback.surveys import portal

app_name = "feedback"

urlpatterns = [
    path("desk/messages/", messages.message_list, name="message-list"),
    path("desk/messages/<slug:topic>/<str:number>/<int:seq>/again/", messages.message_again, name="message-again"),
    path("desk/notifications/", notifications.notification_list, name="notification-list"),
    path("desk/notifications/bell/", notifications.bell, name="notification-bell"),
    path("desk/notifications/read/", notifications.read_all, name="notification-read-all"),
    path("desk/notifications/<uuid:token>/", notifications.open_notification, name="notification-open"),
    path("desk/surveys/", messages.survey_list, name="survey-list"),
    path("survey/<str:token>/", portal.survey, name="survey"),
]
