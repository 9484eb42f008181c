"""Signing for a parcel, and the proof of what was signed."""
