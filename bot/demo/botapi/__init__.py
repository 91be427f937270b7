"""The parts of the fake Telegram server: what it knows, what it checks, what it refuses."""
