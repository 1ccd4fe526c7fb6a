"""What officials look at and take with them."""
