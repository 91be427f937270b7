"""Trying vigil out: the bundled replay and a Telegram server of our own."""
