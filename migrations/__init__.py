"""How the schema came to be: one file a step, its reason in its name, applied at start.

A new step is `versions/NNNN_why_it_was_needed.py` with the number as its `revision`; change
`store/schema/` in the same commit. A test compares the two on both databases.
"""
