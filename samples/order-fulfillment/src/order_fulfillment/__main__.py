"""`python -m order_fulfillment`, and the script `order-fulfillment`."""

from .app import application
from .cli import run


def main() -> None:
    """Run the command that was typed."""
    run(application)


if __name__ == "__main__":
    main()
