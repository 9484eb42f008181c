"""Forms of the pages on which a parcel is signed for."""
