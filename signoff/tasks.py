"""What the workers do on the lowest floor."""

from celery import shared_task

from signoff.actions import entry_mail, kept_answers


@shared_task
def send_entry_codes() -> None:
    """Mail the codes that shoppers wait for."""
    entry_mail.send_codes()


@shared_task
def forget_entries() -> None:
    """Delete old codes and tries."""
    entry_mail.forget_entries()


@shared_task
def forget_answers() -> int:
    """Delete the API's answers that are older than a month."""
    return kept_answers.forget_answers()
