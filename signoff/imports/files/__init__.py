"""From bytes to rows: encodings, CSV, XLSX, JSON, cells, dates."""
