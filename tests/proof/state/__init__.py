"""The whole life of cases, played by chance through the product's own deeds, beside a small model of what must be."""
