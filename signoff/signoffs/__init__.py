"""Sign-off: who took a parcel over, what was counted, what was wrong."""
