"""`verify`: looks at every order of events of a saga, before a line of it runs."""

import importlib
import sys
from typing import Annotated, Any

import typer

from saga_scaffold import assets, console
from saga_scaffold.commands import options
from saga_scaffold.errors import Exit


def verify(
    workflow: options.ProjectOrWorkflow = "saga.yaml",
    faults: Annotated[int, typer.Option(min=0, help="How many timers, failures and cancellations may happen.")] = 2,
    states: Annotated[int, typer.Option(min=1, help="Look at so many states at most.")] = 200_000,
    schedules: Annotated[int, typer.Option(min=0, help="Random schedules after that, with more faults.")] = 500,
    form: options.ReadAs = None,
    as_json: options.Json = False,
) -> None:
    """Explore every order of events of a saga. Faults have a budget; ends with 1 and a trace when one goes wrong.

    Example: saga-scaffold verify saga.yaml --faults 3
    """
    from saga_scaffold.architect.settings import Architect
    from saga_scaffold.source import read_source
    from saga_scaffold.understand import Wanted, understand

    progress = console.Progress(quiet=True)
    spec = understand(read_source(options.in_project(workflow), form), None, Wanted(Architect.OFFLINE), progress).spec
    machine, simulation = machine_of(spec)
    explored = simulation.explorer.explore(machine, faults, states)
    with_people = simulation.explorer.explore(machine, faults, states, people=True)
    runs = (simulation.schedules.simulate(machine, seed) for seed in range(schedules))
    found = explored.violation or with_people.violation
    violation = found or next((found for found in runs if found is not None), None)
    if as_json:
        told = None if violation is None else {"problem": violation.problem, "trace": list(violation.trace)}
        told_of = {
            "saga": spec.saga,
            "states": explored.states,
            "complete": explored.complete,
            "states_with_operators": with_people.states,
            "complete_with_operators": with_people.complete,
            "schedules": schedules,
        }
        console.document({"version": 1, "kind": "verify", **told_of, "violation": told})
    elif violation is not None:
        console.data(str(violation))
    else:
        extent = "every order of events" if explored.complete else "as many orders of events as fit"
        console.data(
            f"{spec.title}: {extent} with {faults} faults, {explored.states:,} states, "
            f"{with_people.states:,} with operators who step in, and {schedules} random schedules: no violation"
        )
    raise typer.Exit(Exit.FINE if violation is None else Exit.FINDINGS)


def machine_of(spec: Any) -> tuple[Any, Any]:
    """The machine that a project of this saga runs; its code is the very code that projects get."""
    from saga_scaffold.project.history import FIRST_VERSION
    from saga_scaffold.project.view.definition import definition_json

    sys.path.insert(0, str(assets.path("templates")))
    try:
        definitions = importlib.import_module("runtime.orchestrator.definitions")
        world = importlib.import_module("runtime.simulation.world")
        importlib.import_module("runtime.simulation.explorer")
        importlib.import_module("runtime.simulation.schedules")
    finally:
        sys.path.pop(0)
    rules = {
        step.id: definitions.StepPolicy(
            step.timeout.total_seconds(),
            step.retry.attempts,
            step.retry.first.total_seconds(),
            step.retry.factor,
            step.retry.cap.total_seconds(),
        )
        for step in spec.steps
    }
    policy = definitions.Policy(spec.deadline.total_seconds(), rules)
    definition = definitions.parse_definition(definition_json(spec, FIRST_VERSION))
    return world.Machine(definition, policy), sys.modules["runtime.simulation"]
