"""The pages on which a parcel is signed for: a shopper's by link or entry, and the desk's."""
