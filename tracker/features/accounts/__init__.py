"""Users and what they hold."""
