"""The tables by subject; `store.tables` has all of them."""
