"""The shopper's pages of a case: status, next step, answers, return slip."""
