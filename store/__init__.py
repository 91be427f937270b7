"""What is remembered: one database, SQLite or PostgreSQL, behind plain functions.

`engine.Store` opens it and hands out transactions; each other file holds the functions for one
noun and takes the transaction (`Tx`) first. Rows never leave this room: what comes out are the
dataclasses of `model`.
"""
