"""Finance's lists of refunds and what is done about one."""
