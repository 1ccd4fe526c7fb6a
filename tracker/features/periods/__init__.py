"""The periods of a plan: when their reports are due, and which of them are locked."""
