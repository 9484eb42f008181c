"""The deeds of this floor: the plan, its approval, the settlement, the payout, the ledger."""
