"""Policy documents in, cited answers out. Knows no database, no channel and no clock."""
