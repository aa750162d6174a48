"""The conversation: takes a Turn, returns Reply values, and knows no channel."""
