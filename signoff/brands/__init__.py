"""The brand of a shop on its shoppers' pages: name, logo, colours, address and links."""
