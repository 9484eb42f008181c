"""Admin: message templates and saved replies to edit; messages, mails, conversations and answers read-only."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.template import TemplateSyntaxError
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.conversation import replies
from feedback.messages.template_language import VARIABLES, parse
from feedback.messages.topics import TOPICS
from feedback.models import Answer, InboundMail, Message, MessageTemplate, Post, SavedReply, Survey, Thread
from signoff.web.admin import ConfiguredAdmin, ReadOnlyAdmin, ReadOnlyInline


class MessageTemplateForm(forms.ModelForm):
    """Refuses words that could not be filled in when a message is made."""

    class Meta:
        model = MessageTemplate
        fields = ["topic", "language", "subject", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 16, "cols": 90})}

    def clean_subject(self) -> str:
        return self._readable("subject")

    def clean_body(self) -> str:
        return self._readable("body")

    def _readable(self, name: str) -> str:
        words = self.cleaned_data[name]
        try:
            parse(words)
        except TemplateSyntaxError as error:
            raise forms.ValidationError(_("There is a mistake in the template: %(why)s") % {"why": error}) from error
        return words


@admin.register(MessageTemplate)
class MessageTemplateAdmin(ConfiguredAdmin):
    """One row for each topic and language; none can be deleted, or its messages would not be sent."""

    purpose = gettext_lazy("The words of every message to shoppers, in each language.")

    form = MessageTemplateForm
    fields = ["topic", "language", "subject", "body", "variables"]
    list_display = ["topic", "about", "language", "subject"]
    list_filter = ["topic", "language"]
    search_fields = ["subject", "body"]
    readonly_fields = ["variables"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["variables", "topic", "language"] if obj else ["variables"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "topic":
            return forms.ChoiceField(label=gettext_lazy("topic"), choices=list(TOPICS.items()))
        return super().formfield_for_dbfield(db_field, request, **options)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("about"))
    def about(self, template: MessageTemplate) -> str | Promise:
        return TOPICS.get(template.topic, "")

    @admin.display(description=gettext_lazy("available variables"))
    def variables(self, template: MessageTemplate) -> SafeString:
        rows = [("{{ " + name + " }}", explained) for name, explained in VARIABLES.items()]
        return format_html_join("", "<p><code>{}</code> {}</p>", rows)


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ["subject", "case", "parcel", "to", "topic", "language", "status", "created_at", "sent_at"]
    list_filter = ["status", "topic", "language"]
    list_select_related = ["case", "parcel"]
    search_fields = ["=case__number", "=parcel__order__number", "to"]
    ordering = ["-created_at", "-id"]


class AnswerInline(ReadOnlyInline):
    model = Answer


@admin.register(Survey)
class SurveyAdmin(ReadOnlyAdmin):
    list_display = ["case", "asked_at"]
    list_select_related = ["case"]
    search_fields = ["=case__number"]
    ordering = ["-asked_at", "-id"]
    inlines = [AnswerInline]


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    list_display = ["survey", "satisfaction", "ease", "words", "answered_at"]
    list_filter = ["satisfaction", "ease"]
    list_select_related = ["survey"]
    ordering = ["-answered_at", "-id"]


class SavedReplyForm(forms.ModelForm):
    """Refuses texts with variables that do not exist."""

    class Meta:
        model = SavedReply
        fields = [
            "key", "position", "title_en", "text_en", "title_zh_hans", "text_zh_hans", "title_zh_hant", "text_zh_hant",
        ]  # fmt: skip
        widgets = {f"text_{language}": forms.Textarea(attrs={"rows": 6, "cols": 90}) for language in
                   ("en", "zh_hans", "zh_hant")}  # fmt: skip

    def clean_text_en(self) -> str:
        return replies.check_words(self.cleaned_data["text_en"])

    def clean_text_zh_hans(self) -> str:
        return replies.check_words(self.cleaned_data["text_zh_hans"])

    def clean_text_zh_hant(self) -> str:
        return replies.check_words(self.cleaned_data["text_zh_hant"])


@admin.register(SavedReply)
class SavedReplyAdmin(ConfiguredAdmin):
    """Frequent answers; the composer of a conversation inserts them. A missing language is English."""

    purpose = gettext_lazy("Answers that colleagues insert while they write to shoppers, in each language.")

    form = SavedReplyForm
    fields = ["key", "position", *(f"{part}_{language}" for language in ("en", "zh_hans", "zh_hant")
                                   for part in ("title", "text")), "variables"]  # fmt: skip
    list_display = ["key", "title_en", "title_zh_hans", "title_zh_hant", "position"]
    search_fields = ["key", "title_en", "title_zh_hans", "title_zh_hant", "text_en"]
    readonly_fields = ["variables"]

    @admin.display(description=gettext_lazy("available variables"))
    def variables(self, reply: SavedReply) -> SafeString:
        rows = [("{{ " + name + " }}", explained) for name, explained in replies.VARIABLES.items()]
        return format_html_join("", "<p><code>{}</code> {}</p>", rows)


@admin.register(Thread)
class ThreadAdmin(ReadOnlyAdmin):
    list_display = ["order", "case", "shop", "last_at", "waiting_since", "severity"]
    list_filter = ["severity"]
    list_select_related = ["order", "case", "shop"]
    search_fields = ["=case__number", "=order__number"]
    ordering = ["-begun_at", "-id"]


@admin.register(Post)
class PostAdmin(ReadOnlyAdmin):
    list_display = ["thread", "seq", "kind", "by", "via", "written_at"]
    list_filter = ["kind", "via"]
    list_select_related = ["thread__case", "thread__order", "by"]
    search_fields = ["=thread__case__number", "=thread__order__number"]
    ordering = ["-written_at", "-id"]
    exclude = ["key"]


@admin.register(InboundMail)
class InboundMailAdmin(ReadOnlyAdmin):
    list_display = ["received_at", "door", "outcome", "problem", "sender", "subject", "thread", "handled_by"]
    list_filter = ["door", "outcome", "problem"]
    list_select_related = ["thread__case", "thread__order", "handled_by"]
    search_fields = ["=thread__case__number", "=thread__order__number", "sender"]
    ordering = ["-received_at", "-id"]
    exclude = ["digest", "raw"]
