"""The saga in a small world of its own: every order of events is tried, and what must never happen is looked for."""
