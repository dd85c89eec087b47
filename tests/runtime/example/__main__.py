"""The example's command line."""

from runtime.cli import run

from .app import application

run(application)
