"""Web plumbing: access, forms, pagination, formatting, icons, tones."""
