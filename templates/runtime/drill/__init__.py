"""Faults on purpose: real processes are killed and paused while sagas run, and every promise is checked."""
