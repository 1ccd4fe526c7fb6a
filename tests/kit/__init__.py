"""What the integration tests share: houses on both databases, a careful visitor, and plain factories."""
