"""What is remembered: tables, sessions and the functions that read and write them."""
