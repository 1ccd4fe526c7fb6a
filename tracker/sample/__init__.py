"""The sample township: the worked case of 2022, loaded through the services that the pages use."""
