"""Conversations with shoppers about a case or an order: messages, internal notes, drafts, saved replies, complaints.

A post is written under the lock of its thread, taken after that of the case. What was typed is a draft on the server
before it is sent, so that no refusal loses words or files. Notes are kept from shoppers at the place where rows are
read (``queries``), not by the pages.
"""
