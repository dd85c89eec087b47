"""The command line: tell the saga as a story, run it, start sagas, look at them, step in."""

import asyncio
import sys
from collections.abc import Coroutine
from enum import Enum
from io import TextIOWrapper
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from .application import Application
from .cli_drill import add_drill
from .cli_servers import add_servers, add_upkeep
from .errors import Refused
from .event_store.store import StoreUnavailable
from .messaging.broker import BrokerUnavailable

if TYPE_CHECKING:
    from .desk import Asked

T = TypeVar("T")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
SagaId = Annotated[str, typer.Argument(metavar="ID", help="As `start` and `list` print it.")]
StepId = Annotated[str, typer.Argument(metavar="STEP", help="The id of the step.")]
Why = Annotated[str, typer.Option(help="Why, for whoever reads the history.")]


class Outside(Enum):
    """What somebody else's system did with a request."""

    OK = "ok"
    REFUSED = "refused"


def run(application: Application) -> None:
    """Run the command that was typed, and end the process with its status."""
    _show_any_text()
    try:
        commands(application)()
    except Refused as refusal:
        print(f"error: {refusal.problem}\n\nhint: {refusal.hint}", file=sys.stderr)
        raise SystemExit(2) from None
    except (StoreUnavailable, BrokerUnavailable) as trouble:
        print(f"error: {trouble}\n\nhint: see that the server runs, then do the same again", file=sys.stderr)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def commands(application: Application) -> typer.Typer:
    """All commands, for one saga."""
    title = application.saga.title
    cli = typer.Typer(help=f"{title}.", no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
    _add_running(cli, application)
    _add_asking(cli, application)
    _add_stepping_in(cli, application)
    _add_looking(cli, application)
    add_servers(cli, application)
    add_upkeep(cli, application)
    add_drill(cli, application)
    return cli


def _add_running(cli: typer.Typer, application: Application) -> None:
    @cli.command()
    def demo() -> None:
        """Tell the saga as a story: once all goes well, and once for every step that can be refused."""
        from .demo import demo as play

        if not _wait_for(play(application)):
            raise SystemExit(1)

    @cli.command()
    def up(
        port: Annotated[int | None, typer.Option(help="Where to listen; 0 takes a free port.")] = None,
        host: Annotated[str | None, typer.Option(help="Where to listen.")] = None,
    ) -> None:
        """Run everything in this process, with an HTTP interface."""
        from .serve import serve

        if not _wait_for(serve(application, host, port)):
            raise SystemExit(1)

    @cli.command()
    def orchestrator(
        port: Annotated[int | None, typer.Option(help="Where to listen; 0 takes a free port.")] = None,
        host: Annotated[str | None, typer.Option(help="Where to listen.")] = None,
    ) -> None:
        """Run the orchestrator alone; participants are processes of their own, with Kafka between them."""
        from .serve import serve_orchestrator

        if not _wait_for(serve_orchestrator(application, host, port)):
            raise SystemExit(1)

    @cli.command()
    def participant(
        names: Annotated[list[str], typer.Argument(metavar="NAME...", help="The bounded context, or several.")],
        port: Annotated[int | None, typer.Option(help="Where /healthz is answered; nowhere without it.")] = None,
    ) -> None:
        """Run one participant alone, or several in one process."""
        from .serve import serve_participants

        if not _wait_for(serve_participants(application, names, port)):
            raise SystemExit(1)

    @cli.command()
    def bench(
        in_flight: Annotated[int, typer.Option(min=1, help="How many sagas run at once.")] = 64,
        sagas: Annotated[int, typer.Option(min=2, help="How many are started.")] = 1000,
        rate: Annotated[
            float | None, typer.Option(min=0.1, help="How many are started a second; without it, as fast as they end.")
        ] = None,
        as_json: Json = False,
    ) -> None:
        """Measure how many sagas a second come to their end, with fresh data.

        Everything runs in this process; with Kafka, the participants run in a second one.
        """
        from .bench import bench as measure

        print(_wait_for(measure(application, in_flight, sagas, rate)).line(as_json))


def _add_asking(cli: typer.Typer, application: Application) -> None:
    @cli.command()
    def start(
        values: Annotated[str, typer.Argument(metavar="JSON", help="What the saga is about; - reads it from stdin.")],
        key: Annotated[
            str | None, typer.Option(help="The same key is the same saga, however often it is asked for.")
        ] = None,
    ) -> None:
        """Start a saga and print its id."""
        from . import desk

        asked = desk.read_start(application, sys.stdin.read() if values == "-" else values)
        _tell(_wait_for(desk.start(application, asked, key)))

    @cli.command()
    def cancel(
        saga_id: SagaId,
        why: Annotated[str, typer.Option(help="Why, for whoever reads the history.")] = "",
    ) -> None:
        """Undo a saga that has not passed the point of no return."""
        from . import desk

        _tell(_wait_for(desk.ask(application, saga_id, "cancel", why)))


def _add_stepping_in(cli: typer.Typer, application: Application) -> None:
    @cli.command()
    def retry(saga_id: SagaId, step: StepId, why: Why) -> None:
        """Try a step again that has used up its attempts, as if for the first time."""
        from . import desk

        _tell(_wait_for(desk.ask(application, saga_id, "retry", why, step=step)))

    @cli.command()
    def skip(
        saga_id: SagaId,
        step: StepId,
        why: Why,
        result: Annotated[str, typer.Option(metavar="JSON", help="The fields of the event that stands in.")] = "{}",
        found: Annotated[
            Outside | None,
            typer.Option(help="The request under way outside was carried out, or never will be."),
        ] = None,
        event: Annotated[str, typer.Option(help="With --found refused: the event that says so.")] = "",
    ) -> None:
        """Go on without a step: its participant is told first, and what it has done already counts."""
        from . import desk

        said = {"step": step, "result": desk.read_result(result), "found": found and found.value, "event": event}
        _tell(_wait_for(desk.ask(application, saga_id, "skip", why, **said)))

    @cli.command()
    def force_undo(saga_id: SagaId, why: Why) -> None:
        """Undo a saga that has passed the point of no return: every step that can be undone, last first."""
        from . import desk

        _tell(_wait_for(desk.ask(application, saga_id, "force-undo", why)))

    @cli.command()
    def abandon(saga_id: SagaId, why: Why) -> None:
        """Give a saga up: open steps are settled, nothing else begins, and what was done stays."""
        from . import desk

        _tell(_wait_for(desk.ask(application, saga_id, "abandon", why)))


def _add_looking(cli: typer.Typer, application: Application) -> None:
    @cli.command("list")
    def list_(
        status: Annotated[str | None, typer.Option(help="Only sagas in this state, as RUNNING.")] = None,
        limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 50,
        as_json: Json = False,
    ) -> None:
        """List sagas, newest first."""
        from . import desk

        listing = _wait_for(desk.listed(status, limit, as_json))
        for line in listing.lines:
            print(line)
        if listing.remark:
            print(listing.remark, file=sys.stderr)

    @cli.command()
    def show(saga_id: SagaId, as_json: Json = False) -> None:
        """Show what happened to a saga."""
        from . import desk

        for line in _wait_for(desk.shown(application, saga_id, as_json)):
            print(line)

    @cli.command()
    def drained(
        version: Annotated[str, typer.Argument(metavar="vN", help="A version of the saga's structure.")],
    ) -> None:
        """Say whether every saga of a version has ended; 1 where some are open."""
        from . import desk

        count = _wait_for(desk.still_open(application, version))
        print(f"{count or 'no'} {'saga' if count == 1 else 'sagas'} of {version} {'is' if count == 1 else 'are'} open")
        if count:
            raise SystemExit(1)


def _show_any_text() -> None:
    """A terminal or a locale that lacks a sign gets a question mark, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _wait_for(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def _tell(asked: "Asked") -> None:
    """The id is what scripts want; the rest is for people."""
    print(asked.saga_id)
    if asked.remark:
        print(asked.remark, file=sys.stderr)
