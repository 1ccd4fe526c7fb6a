"""What keeps an installation alive: backups, the check of its health, and its settings to look at."""
