"""The conversation, the wiring and the command line: everything a person touches."""
