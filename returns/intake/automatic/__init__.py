"""Cases that open by themselves: from a sign-off's discrepancies or a carrier's report."""
