"""The commands of saga-scaffold: each parses, calls one use case, prints, and ends with a status."""
