"""The server dies in the middle of its work, and nothing that it promised is lost."""
