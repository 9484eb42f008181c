"""Scorecards of carriers, sellers, warehouses and suppliers: shares of parcels that kept the rules, and violations."""
