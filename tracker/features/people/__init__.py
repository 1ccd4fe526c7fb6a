"""Managing users: whom there is, what they hold, and how they come in."""
