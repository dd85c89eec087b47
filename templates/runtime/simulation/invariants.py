"""What must hold in every world. Each check says what is wrong, or nothing."""

from collections import Counter
from collections.abc import Callable

from ..orchestrator import snapshot
from ..orchestrator.states import Skipped
from .world import Effect, Machine, World

Check = Callable[[Machine, World], str | None]


def broken(machine: Machine, world: World) -> str | None:
    """The first invariant that does not hold, in words; None where all do."""
    return next((said for check in CHECKS if (said := check(machine, world)) is not None), None)


def nothing_takes_effect_twice(machine: Machine, world: World) -> str | None:
    """I2, I3: every action and every undo has its effect at most once."""
    counts = Counter(world.effects)
    return next((f"{what} of {step} took effect twice" for (what, step), n in counts.items() if n > 1), None)


def only_what_was_done_is_undone(machine: Machine, world: World) -> str | None:
    """I3: an undo has something to undo."""
    for place, (what, step) in enumerate(world.effects):
        if what == "undo" and Effect("do", step) not in world.effects[:place]:
            return f"{step} was undone but not done"
    return None


def a_completed_saga_has_done_all(machine: Machine, world: World) -> str | None:
    """I2: each step that nobody and no guard skipped has its effect, and nothing is undone."""
    if world.saga.status != "COMPLETED":
        return None
    due = {s.id for s in machine.definition.steps if not isinstance(world.saga.step(s.id), Skipped)} - world.touched
    done = {step for what, step in world.effects if what == "do"}
    undone = {step for what, step in world.effects if what == "undo"}
    if due - done:
        return f"it is completed, but {', '.join(sorted(due - done))} never took effect"
    return f"it is completed, but {', '.join(sorted(undone))} was undone" if undone else None


def a_compensated_saga_has_undone_all(machine: Machine, world: World) -> str | None:
    """I3: what took effect and can be undone is undone."""
    if world.saga.status != "COMPENSATED":
        return None
    done = {step for what, step in world.effects if what == "do" and machine.definition.step(step).undo}
    done -= world.touched
    left = done - {step for what, step in world.effects if what == "undo"}
    return f"it is compensated, but {', '.join(sorted(left))} is still in effect" if left else None


def actions_follow_their_order(machine: Machine, world: World) -> str | None:
    """I4: a step takes effect after all that it comes after, and is undone after all that come after it."""
    seen: set[Effect] = set()
    for effect in world.effects:
        step = machine.definition.step(effect.step)
        if effect.what == "do":
            early = [b for b in step.after if Effect("do", b) not in seen and not _need_not_be(world, b)]
            if early:
                return f"{step.id} took effect before {early[0]}"
        else:
            behind = (d for d in _behind(machine, step.id) - world.touched if machine.definition.step(d).undo)
            late = [d for d in behind if Effect("do", d) in seen and Effect("undo", d) not in seen]
            if late:
                return f"{step.id} was undone before {late[0]}"
        seen.add(effect)
    return None


def nothing_is_undone_past_the_point_of_no_return(machine: Machine, world: World) -> str | None:
    """I5: once the pivot took effect, nothing is undone."""
    pivot = next((step.id for step in machine.definition.steps if step.kind == "pivot"), None)
    passed = Effect("do", pivot) in world.effects if pivot else False
    undone = [step for what, step in world.effects if what == "undo"]
    wrong = passed and undone and not world.saga.forced
    return f"{undone[0]} was undone although {pivot} had taken effect" if wrong else None


def nothing_happens_after_the_end(machine: Machine, world: World) -> str | None:
    """I6: whatever still arrives, nothing more takes effect."""
    late = world.effects[world.ended :] if world.ended is not None else ()
    return f"{late[0].what} of {late[0].step} took effect after the end" if late else None


def what_stands_in_stands_alone(machine: Machine, world: World) -> str | None:
    """A step whose result somebody gave has no effect of its own, then or later."""
    twice = [step for what, step in world.effects if what == "do" and step in world.stood_in]
    return f"{twice[0]} took effect although it was skipped" if twice else None


def a_snapshot_is_the_state(machine: Machine, world: World) -> str | None:
    """I7: the state comes back from its snapshot as it was."""
    kept = snapshot.from_json(snapshot.to_json(world.saga))
    return None if kept == world.saga else "the state is not what its snapshot says"


def _need_not_be(world: World, step: str) -> bool:
    return isinstance(world.saga.step(step), Skipped) or step in world.touched


def _behind(machine: Machine, step: str) -> set[str]:
    """All that come after the step, near or far; worked out here, since the code under test has its own idea."""
    found: set[str] = set()
    for _ in machine.definition.steps:
        found |= {s.id for s in machine.definition.steps if step in s.after or found & set(s.after)}
    return found


CHECKS: tuple[Check, ...] = (
    nothing_takes_effect_twice,
    only_what_was_done_is_undone,
    a_completed_saga_has_done_all,
    a_compensated_saga_has_undone_all,
    actions_follow_their_order,
    nothing_is_undone_past_the_point_of_no_return,
    nothing_happens_after_the_end,
    what_stands_in_stands_alone,
)
"""Checked in every world."""
