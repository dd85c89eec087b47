"""What must hold for a saga to be generated: every rule, in the order in which a reader meets what it is about."""

from collections.abc import Callable, Iterator

from saga_scaffold.errors import Finding, Severity
from saga_scaffold.spec.model import SagaSpec
from saga_scaffold.spec.plain import plain
from saga_scaffold.spec.rules import declarations, kinds, messages, names, numbers, order, texts, topics, uses

Rule = Callable[[SagaSpec], Iterator[Finding]]

SHAPE: tuple[Rule, ...] = (
    names.step_ids_are_unique,
    names.contexts_are_there,
    declarations.types_are_understood,
    order.there_are_steps,
    order.predecessors_are_there,
    order.steps_do_not_wait_in_a_circle,
)
"""Without these the other rules cannot be asked."""

NAMES: tuple[Rule, ...] = (
    names.saga_is_kebab,
    names.package_is_importable,
    names.step_ids_are_kebab,
    names.former_ids_are_former,
    names.contexts_are_kebab,
    names.contexts_have_steps,
    names.states_are_words,
    names.states_tell_apart,
    declarations.fields_are_snake,
    declarations.fields_have_one_supplier,
    declarations.the_business_key_is_plain,
    uses.takes_name_a_field_once,
    uses.guards_are_understood,
    messages.messages_are_pascal,
    messages.messages_are_free,
    messages.messages_mean_one_thing,
    messages.stored_names_are_plain,
    messages.stored_names_mean_one_thing,
    messages.handlers_have_their_own_names,
    kinds.nothing_to_undo_has_a_reason,
    texts.titles_are_of_one_line,
    texts.titles_say_something,
    texts.texts_are_bounded,
    texts.texts_show_what_they_say,
)

SENSE: tuple[Rule, ...] = (
    uses.takes_are_known,
    uses.undo_takes_are_known,
    uses.guards_are_known,
    kinds.there_is_one_pivot,
    kinds.nothing_runs_beside_the_pivot,
    kinds.the_pivot_divides_the_kinds,
    kinds.retriable_steps_come_last,
    topics.topics_are_legal,
    topics.topics_do_not_collide,
    topics.topics_have_one_purpose,
    topics.partitions_agree,
    topics.the_partition_key_is_known,
    numbers.durations_are_possible,
    numbers.timeouts_fit_the_deadline,
    numbers.pauses_grow_to_their_cap,
    numbers.attempts_fit_the_deadline,
    numbers.messages_outlive_the_saga,
)


def check(spec: SagaSpec) -> tuple[Finding, ...]:
    """Every finding of every rule; the rules on sense are asked once the shape is sound."""
    shape = _ask(SHAPE, spec)
    return (*shape, *_ask(NAMES, spec), *(() if shape else _ask(SENSE, spec)))


def errors(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that stop generation."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)


def _ask(rules: tuple[Rule, ...], spec: SagaSpec) -> tuple[Finding, ...]:
    return tuple(plain(finding) for rule in rules for finding in rule(spec))
