"""The first run of an empty instance in the browser, and what comes next."""
