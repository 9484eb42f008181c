"""Messages to shoppers: topics, templates, the outbox and the mails made from it."""
