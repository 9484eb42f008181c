"""A confined process that decodes pictures which nobody trusts yet."""
