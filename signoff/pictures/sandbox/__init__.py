"""A process with resource limits that decodes untrusted pictures."""
