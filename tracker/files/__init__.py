"""Photos and documents that people hand in: what they are by their content, and safe copies of pictures."""
