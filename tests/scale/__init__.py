"""What a page costs does not grow with the data: counted, not timed, so that no machine matters."""
