"""Everything that can happen next in a world."""

from collections.abc import Iterator
from dataclasses import replace
from math import inf
from typing import Any, NamedTuple

from ..orchestrator.definitions import StepDefinition
from ..orchestrator.fsm import (
    Answer,
    Cancel,
    Decided,
    Input,
    Open,
    SagaState,
    Tick,
    deadline_counts,
    evolve,
    react,
)
from ..participant.matrix import Call
from ..participant.matrix import Reply as Known
from .world import Command, Machine, Reply, World


class Moved(NamedTuple):
    """One thing that happened, in words, and the world after it."""

    told: str
    world: World


def moves(machine: Machine, world: World) -> Iterator[Moved]:
    """What can happen next; timers, failures that pass and a cancellation take from the budget of faults."""
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
    world = world.with_row(step.id, found)
    if command.phase == "undo" and found == "ok":
        yield from _undoes(machine, world, step, command, told)
    else:
        outcome = "undone" if command.phase == "undo" else found
        yield _answered(world, command, outcome, f"{told} and finds: {found}")


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
        yield from _decided(machine, once, world.saga, Cancel("somebody"), 0.0, "somebody cancels")
        if deadline_counts(machine.definition, world.saga):
            late = replace(_without_timers(world.saga), deadline_at=0.0)
            yield from _decided(machine, once, late, Tick(), 0.0, "the deadline passes")


def _decided(machine: Machine, world: World, seen: SagaState, given: Input, now: float, told: str) -> Iterator[Moved]:
    decision = machine.decide(machine.definition, machine.policy, seen, given, now)
    if isinstance(decision, Decided) and decision.events:
        yield Moved(told, happened(machine, world, decision.events))


def happened(machine: Machine, world: World, events: Any) -> World:
    """The world after events: the saga's state, and the commands that follow."""
    saga, sent = world.saga, set(world.sent)
    for event in events:
        saga = evolve(machine.definition, saga, event)
        sent |= {Command(one.step, one.phase, one.attempt) for one in react(machine.definition, saga, event)}
    return replace(world, saga=saga, sent=frozenset(sent))


def _only_timer(saga: SagaState, id: str) -> SagaState:
    steps = {**_without_timers(saga).steps, id: saga.steps[id]}
    return replace(saga, steps=steps, deadline_at=inf)


def _without_timers(saga: SagaState) -> SagaState:
    steps = {id: replace(step, due=inf) if isinstance(step, Open) else step for id, step in saga.steps.items()}
    return replace(saga, steps=steps)
