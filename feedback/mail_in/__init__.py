"""Messages in by mail: doors (webhook, IMAP), a parser of hostile bytes, and what becomes of each mail."""
