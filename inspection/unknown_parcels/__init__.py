"""Parcels that came without a case: recorded at the bench, attached once somebody knows whose they are."""
