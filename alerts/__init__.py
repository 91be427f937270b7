"""The outbound loop: what the outbox holds is composed and delivered."""
