"""The inbound loop: what Sources publish, from the address to the store."""
