"""URLs of messages, conversations and surveys."""

from django.urls import path

from feedback.conversation import complaints_desk
from feedback.conversation import desk as conversation
from feedback.conversation import portal as shopper
from feedback.mail_in import desk as mails
from feedback.mail_in import webhook
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
    path("desk/conversations/", conversation.conversation_list, name="conversation-list"),
    path("desk/orders/<str:token>/conversation/", conversation.start_inquiry, name="inquiry-start"),
    path("desk/conversations/<str:token>/", conversation.inquiry, name="inquiry"),
    path("desk/conversations/<str:token>/write/", conversation.write_inquiry, name="inquiry-write"),
    path("desk/conversations/<str:token>/complaint/", complaints_desk.inquiry_complaint, name="inquiry-complaint"),
    path("desk/conversations/<str:token>/erase/", conversation.erase, name="conversation-erase"),
    path("desk/cases/<str:number>/write/", conversation.write, name="case-write"),
    path("desk/cases/<str:number>/complaint/", complaints_desk.complaint, name="case-complaint"),
    path("cases/<str:number>/write/", shopper.write, name="shopper-write"),
    path("orders/<str:token>/ask/", shopper.ask, name="shopper-ask"),
    path("attachments/<uuid:token>/<str:size>", shopper.attachment, name="attachment"),
    path("desk/mails/", mails.mail_list, name="mail-list"),
    path("desk/mails/<slug:name>/handled/", mails.mail_handled, name="mail-handled"),
    path("hooks/mail/<slug:provider>/", webhook.mail_hook, name="mail-hook"),
    path("desk/surveys/", messages.survey_list, name="survey-list"),
    path("survey/<str:token>/", portal.survey, name="survey"),
]
