"""Finance's lists of refunds, and actions on one."""
