"""The JSON surface: the same queries as the pages, in one envelope; errors in one shape."""
