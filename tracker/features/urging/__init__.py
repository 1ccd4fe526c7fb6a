"""Urging: who has not reported yet, reminders that leave a trace, and due dates for a calendar."""
