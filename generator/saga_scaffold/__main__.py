"""`python -m saga_scaffold` is `saga-scaffold`."""

from saga_scaffold.cli import main

main()
