"""Review of a case: decisions, who owns it, and what happens when its time is over."""
