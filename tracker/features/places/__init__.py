"""Where units stood on which days."""
