"""Everything that can happen next in a world."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import inf
from typing import Literal, NamedTuple

from ..orchestrator.definitions import StepDefinition
from ..orchestrator.events import Event, OutcomeStated, SkipRequested, StepSucceeded
from ..orchestrator.fsm import deadline_counts, evolve, react
from ..orchestrator.states import (
    Abandon,
    Answer,
    Cancel,
    Decided,
    ForceUndo,
    Found,
    Input,
    Open,
    Retry,
    SagaState,
    Skip,
    Tick,
    Verb,
)
from ..participant.matrix import Call
from ..participant.matrix import Reply as Known
from .world import Command, Machine, Reply, World

WHO = "somebody"
STAND_IN = {"stands": "in"}


class Moved(NamedTuple):
    """One thing that happened, in words, and the world after it."""

    told: str
    world: World


def moves(machine: Machine, world: World) -> Iterator[Moved]:
    """What can happen next; timers, failures that pass and what people ask take from the budget of faults."""
    for command in sorted(world.sent):
        yield from arrives(machine, world, command)
    for call in sorted(world.asked):
        yield from _outside_answers(machine, world, call)
    for reply in sorted(world.answers):
        yield from _heard(machine, world, reply)
    if world.faults:
        spent = replace(world, faults=world.faults - 1)
        yield from timers(machine, spent)
        yield from _cancelled(machine, spent)
        yield from _stepped_in(machine, spent)


def timers(machine: Machine, world: World) -> Iterator[Moved]:
    """Each timer on its own: any of them may ring before the others."""
    for id, step in sorted(world.saga.steps.items()):
        if isinstance(step, Open) and world.saga.is_open:
            alone = _only_timer(world.saga, id)
            yield from _decided(machine, world, alone, Tick(), step.due, f"the timer of {id} rings")


def arrives(machine: Machine, world: World, command: Command) -> Iterator[Moved]:
    """A command reaches its participant, whose barrier says what it means."""
    step = machine.definition.step(command.step)
    move = machine.next_move(world.row(command.step), command.phase)
    told = f"{command.phase} of {command.step} arrives (attempt {command.attempt})"
    if isinstance(move, Known):
        yield _answered(world.with_row(step.id, move.becomes), command, move.outcome, told)
    elif move is Call.DO:
        yield from _carries_out(machine, world, step, command, told)
    elif move is Call.FIND:
        if world.faults:
            spent = replace(world, faults=world.faults - 1)
            yield _answered(spent, command, "retry", f"{told} and cannot be told now")
        for found, after in _ask_outside(machine, world, step):
            yield from _as_found(machine, after, step, command, found, told)
    else:
        yield from _undoes(machine, world, step, command, told)


def _carries_out(machine: Machine, world: World, step: StepDefinition, command: Command, told: str) -> Iterator[Moved]:
    if world.faults:
        spent = replace(world, faults=world.faults - 1)
        yield _answered(spent, command, "retry", f"{told} and cannot be done now")
    if step.effect == "external":
        begun = replace(world.with_row(step.id, "started"), asked=world.asked | {command})
        yield Moved(f"{told}: it asks outside", begun)
        return
    yield _answered(world.with_row(step.id, "ok").with_effect("do", step.id), command, "ok", f"{told} and is done")
    if step.do.failures and step.kind != "retriable":
        refused = world.with_row(step.id, "refused")
        refused = refused.with_effect("do", step.id) if machine.refusal_keeps_its_writes else refused
        yield _answered(refused, command, "refused", f"{told} and is refused")


def _outside_answers(machine: Machine, world: World, call: Command) -> Iterator[Moved]:
    """A call comes back. Its outcome counts only where the row still waits for it; what the row says is answered."""
    step = machine.definition.step(call.step)
    for outcome, after in _ask_outside(machine, world, step):
        after = replace(after, asked=after.asked - {call})
        if after.row(step.id) == "started" or machine.late_outcome_overwrites:
            after = after.with_row(step.id, outcome)
        stored = machine.next_move(after.row(step.id), "do")
        said = stored.outcome if isinstance(stored, Known) else "retry"
        yield _answered(after, call, said, f"the outside answers {step.id}: {outcome}")


def _ask_outside(machine: Machine, world: World, step: StepDefinition) -> Iterator[tuple[str, World]]:
    """Under the step's key: once it has decided, the outside says the same again."""
    known = world.known_outside(step.id)
    if known is not None:
        yield known, world
        return
    yield "ok", replace(world, outside=world.outside | {(step.id, "ok")}).with_effect("do", step.id)
    if step.do.failures and step.kind != "retriable":
        yield "refused", replace(world, outside=world.outside | {(step.id, "refused")})


def _as_found(
    machine: Machine, world: World, step: StepDefinition, command: Command, found: str, told: str
) -> Iterator[Moved]:
    """What was found is in the row now; the matrix says what the command means for it."""
    world = world.with_row(step.id, found)
    move = machine.next_move(found, command.phase)
    if isinstance(move, Known):
        yield _answered(world.with_row(step.id, move.becomes), command, move.outcome, f"{told} and finds: {found}")
    else:
        yield from _undoes(machine, world, step, command, told)


def _undoes(machine: Machine, world: World, step: StepDefinition, command: Command, told: str) -> Iterator[Moved]:
    if world.faults:
        spent = replace(world, faults=world.faults - 1)
        yield _answered(spent, command, "retry", f"{told} and cannot be undone now")
    undone = world.with_row(step.id, "undone")
    undone = undone.with_effect("undo", step.id) if step.undo else undone
    outcome = "undone" if command.phase == "undo" else "refused"
    yield _answered(undone, command, outcome, f"{told} and is undone")


def _answered(world: World, command: Command, outcome: str, told: str) -> Moved:
    return Moved(told, replace(world, answers=world.answers | {Reply(*command, outcome)}))


def _heard(machine: Machine, world: World, reply: Reply) -> Iterator[Moved]:
    step = machine.definition.step(reply.step)
    event = step.do.failures[0].event if reply.outcome == "refused" and step.do.failures else ""
    result = {name: f"{name} of {step.id}" for name in step.do.gives} if reply.outcome == "ok" else {}
    answer = Answer(reply.step, reply.phase, reply.attempt, reply.outcome, event, result)
    told = f"the orchestrator hears {reply.outcome} of {reply.phase} of {reply.step} (attempt {reply.attempt})"
    yield from _decided(machine, world, world.saga, answer, 0.0, told)


def _cancelled(machine: Machine, world: World) -> Iterator[Moved]:
    if not world.cancelled and world.saga.is_open:
        once = replace(world, cancelled=True)
        yield from _decided(machine, once, world.saga, Cancel(WHO), 0.0, f"{WHO} cancels")
        if deadline_counts(machine.definition, world.saga):
            late = _without_timers(world.saga)._replace(deadline_at=0.0)
            yield from _decided(machine, once, late, Tick(), 0.0, "the deadline passes")


def _stepped_in(machine: Machine, world: World) -> Iterator[Moved]:
    """Somebody uses a verb, on the saga or on a step that is under way."""
    if machine.left_alone or not world.saga.is_open:
        return
    yield from _asked(machine, world, ForceUndo(WHO, ""), "ForceUndo")
    yield from _asked(machine, world, Abandon(WHO, ""), "Abandon")
    for id, step in sorted(world.saga.steps.items()):
        if isinstance(step, Open):
            yield from _asked(machine, world, Retry(id, WHO, ""), f"Retry of {id}")
            yield from _asked(machine, world, Skip(id, WHO, "", STAND_IN), f"Skip of {id}")
            if not any(call.step == id for call in world.asked):
                yield from _found_outside(machine, world, id)


def _found_outside(machine: Machine, world: World, id: str) -> Iterator[Moved]:
    """Somebody has looked: what the outside has not decided yet it will refuse from now on."""
    outcome: Literal["ok", "refused"] = "ok" if world.known_outside(id) == "ok" else "refused"
    decided = replace(world, outside=world.outside | {(id, outcome)})
    yield from _asked(machine, decided, Found(id, WHO, "", outcome, "", {}), f"Found {outcome} of {id}")


def _asked(machine: Machine, world: World, verb: Verb, told: str) -> Iterator[Moved]:
    yield from _decided(machine, world, world.saga, verb, 0.0, f"{WHO} asks: {told}")


def _decided(machine: Machine, world: World, seen: SagaState, given: Input, now: float, told: str) -> Iterator[Moved]:
    decision = machine.decide(machine.definition, machine.policy, seen, given, now)
    if isinstance(decision, Decided) and decision.events:
        yield Moved(told, happened(machine, world, decision.events))


def happened(machine: Machine, world: World, events: Iterable[Event]) -> World:
    """The world after events: the saga's state, and the commands that follow."""
    saga, sent, touched, stood_in = world.saga, set(world.sent), set(world.touched), set(world.stood_in)
    for event in events:
        match event:
            case SkipRequested(step=step) | OutcomeStated(step=step):
                touched.add(step)
            case StepSucceeded(step=step, result=result) if result == STAND_IN:
                stood_in.add(step)
        saga = evolve(machine.definition, saga, event)
        sent |= {Command(one.step, one.phase, one.attempt) for one in react(machine.definition, saga, event)}
    ended = world.ended if saga.is_open or world.ended is not None else len(world.effects)
    after = replace(world, saga=saga, sent=frozenset(sent), ended=ended)
    return replace(after, touched=frozenset(touched), stood_in=frozenset(stood_in))


def _only_timer(saga: SagaState, id: str) -> SagaState:
    steps = {**_without_timers(saga).steps, id: saga.steps[id]}
    return saga._replace(steps=steps, deadline_at=inf)


def _without_timers(saga: SagaState) -> SagaState:
    steps = {id: replace(step, due=inf) if isinstance(step, Open) else step for id, step in saga.steps.items()}
    return saga._replace(steps=steps)
