"""The real program under kills, faults and hostile servers; judged from outside."""
