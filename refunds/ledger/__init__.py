"""The ledger: balanced entries, caps on what may go back, claims, balances, audit."""
