"""The conversation: what people type and press in Telegram, and what they get back."""

import os

os.environ.setdefault("PTB_TIMEDELTA", "true")
"""The library warns at every 429 unless it may speak of lengths of time as such."""
