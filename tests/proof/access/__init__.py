"""Who may do what, written once by hand in a table, and the tools that send each request to the product."""
