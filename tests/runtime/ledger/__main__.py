"""The command line of the example with ledgers."""

from runtime.cli import run

from .app import application

run(application)
