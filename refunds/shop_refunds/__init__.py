"""What follows from refunds that the shop made by itself: open plans stop, people are told and asked."""
