"""A Telegram Bot API server for tests and benchmarks, on loopback; see README.md."""
