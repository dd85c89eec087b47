"""A process that kills itself at a named point, and what must be true after it was started again."""
