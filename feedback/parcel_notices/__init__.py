"""Messages about parcels: delivered, late, damaged, signed for."""
