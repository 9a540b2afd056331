"""Several interpreters and several threads: interpreters and futures."""
