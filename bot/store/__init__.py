"""What outlives a restart: tables in SQLite or PostgreSQL, and the keys that seal secrets in them."""
