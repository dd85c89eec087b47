"""Commands for whoever runs the servers: topics, tables, and what is to be forgotten or sent again."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from .application import Application

DEPLOYED = Path("deploy/topics.yaml")
TopicsFile = Annotated[Path, typer.Option(help="Which topics there are to be.")]
Replication = Annotated[
    int | None, typer.Option(min=1, help="How many brokers keep each topic, whatever the file says.")
]


def add_servers(cli: typer.Typer, application: Application) -> None:
    """`topics` and `db`."""
    topics = typer.Typer(no_args_is_help=True, help="The topics on Kafka, as deploy/topics.yaml wants them.")
    db = typer.Typer(no_args_is_help=True, help="The databases.")
    cli.add_typer(topics, name="topics")
    cli.add_typer(db, name="db")

    @topics.command()
    def plan(file: TopicsFile = DEPLOYED, replication: Replication = None) -> None:
        """Show what `apply` would change; ends with 1 where something is not as it must be."""
        from . import servers

        if not asyncio.run(servers.plan_topics(application, file, replication)):
            raise SystemExit(1)

    @topics.command()
    def apply(file: TopicsFile = DEPLOYED, replication: Replication = None) -> None:
        """Create what is missing and change what differs. Nothing is deleted, and no partition is taken away."""
        from . import servers

        if not asyncio.run(servers.apply_topics(application, file, replication)):
            raise SystemExit(1)

    @db.command()
    def upgrade() -> None:
        """Bring the event store and the database of every bounded context up to date; several may try at once."""
        from . import servers

        asyncio.run(servers.upgrade_databases(application))


def add_upkeep(cli: typer.Typer, application: Application) -> None:
    """`prune` and `dead-letters`."""
    letters = typer.Typer(no_args_is_help=True, help="Messages that could not be used, with their original bytes.")
    cli.add_typer(letters, name="dead-letters")

    @cli.command()
    def prune(
        older_than: Annotated[str, typer.Option(metavar="AGE", help="As 90d; s, m, h, d and w are understood.")],
    ) -> None:
        """Forget sagas that ended longer ago than AGE, with their barrier rows. An open saga is never touched.

        AGE has to exceed the retention of the topics: a command that came again after that would be carried out again.
        """
        from . import prune as pruning

        age = pruning.read_age(older_than)
        print(pruning.told(asyncio.run(pruning.prune(application, age)), older_than))

    @letters.command("list")
    def list_(
        limit: Annotated[int, typer.Option(min=1, help="How many, oldest first.")] = 50,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    ) -> None:
        """List the letters that nobody has dealt with: the orchestrator's, then those of each bounded context."""
        from .letters import listed

        for line in asyncio.run(listed(application, limit, as_json)):
            print(line)

    @letters.command()
    def redrive(
        ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="As `list` names them.")] = None,
        everything: Annotated[bool, typer.Option("--all", help="All that nobody has dealt with.")] = False,
    ) -> None:
        """Send letters to where they came from, once more, byte for byte."""
        from .letters import redriven

        for line in asyncio.run(redriven(application, ids or [], everything)):
            print(line)
