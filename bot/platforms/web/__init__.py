"""The local chat in the browser: no account needed."""
