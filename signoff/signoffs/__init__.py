"""Sign-offs of parcels: by shopper, desk, carrier or timer, with tamper evidence."""
