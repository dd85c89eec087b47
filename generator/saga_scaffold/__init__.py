"""saga-scaffold: a workflow in prose becomes a saga project that runs."""

__version__ = "0.1.0"
