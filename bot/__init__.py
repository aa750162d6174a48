"""Configuration, command line, and one thin file per channel."""
