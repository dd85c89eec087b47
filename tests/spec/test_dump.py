"""Writing saga.yaml: a file that people like to read, and that reads back as the same saga."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from properties import examples

from saga_scaffold.spec.dump import dump_spec
from saga_scaffold.spec.load import load_spec
from saga_scaffold.spec.model import SagaSpec

from .example import ORDER
from .sagas import saga, step

WRITTEN = """\
# yaml-language-server: $schema=.saga-scaffold/saga.schema.json
saga: order-fulfillment
package: fulfillment
deadline: 24h

input:
  order_id: string
  quantity: integer
  express: boolean

contexts:
  inventory: {title: Inventory Service}

steps:
  - id: reserve-stock
    context: inventory
    command: ReserveStock
    takes: [order_id]
    success: ReserveStockDone
    failure: ReserveStockRefused
    undo: {command: UndoReserveStock, takes: [order_id], success: ReserveStockUndone}
    timeout: 30s
    retry: {attempts: 5, first: 200ms, factor: 2, cap: 30s}
  - id: send-mail
    title: Tell the customer
    context: inventory
    after: []
    when: quantity > 0 and express == true
    command: {name: SendMail, wire: mail.send.v1, topic: mail.commands}
    success: MailSent
    gives:
      a_rather_long_name_of_a_field_number_one: string?
      a_rather_long_name_of_a_field_number_two: list[string]
      a_rather_long_name_of_a_field_number_three: decimal
    failure: [MailBounced, {name: MailRefused, topic: mail.refusals}]
    undo: none
    because: "an e-mail: it cannot be unsent"
    timeout: 90s
    retry: {attempts: 5, first: 200ms, factor: 1.5, cap: 30s}

terminal: {completed: COMPLETED, compensated: COMPENSATED}
event_store: {shards: 16, snapshot_every: 8, retention: 90d, partition_key: /orderId}
topics: {replication: 3, retention: {commands: 7d, events: 30d, dead_letters: 30d}}

assumed: [steps.send-mail.timeout]
"""


def test_the_file_says_everything_and_nothing_twice() -> None:
    fields = {"one": "string?", "two": "list[string]", "three": "decimal"}
    mail = step(
        "send-mail",
        title="Tell the customer",
        after=[],
        when="quantity > 0 and express == true",
        command={"name": "SendMail", "wire": "mail.send.v1", "topic": "mail.commands"},
        takes=None,
        success="MailSent",
        gives={f"a_rather_long_name_of_a_field_number_{name}": type_ for name, type_ in fields.items()},
        failure=["MailBounced", {"name": "MailRefused", "topic": "mail.refusals"}],
        undo="none",
        because="an e-mail: it cannot be unsent",
        timeout="90s",
        retry={"factor": 1.5},
    )
    spec = saga(step(), mail, event_store={"partition_key": "/orderId"}, assumed=["steps.send-mail.timeout"])
    assert dump_spec(spec) == WRITTEN
    assert load_spec(WRITTEN, "saga.yaml") == spec


def test_the_example_reads_back_as_itself() -> None:
    spec = load_spec(ORDER, "saga.yaml")
    assert load_spec(dump_spec(spec), "saga.yaml") == spec
    assert SagaSpec.model_validate(spec.model_dump(mode="json")) == spec


words = st.text(max_size=30) | st.sampled_from(
    ["no", "1:30", "null", "- x", "a: b", "#", "'", '"', "{}", "\n", "é", "", "2030-01-31"]
)
durations = st.integers(0, 10**9).map(lambda number: timedelta(milliseconds=number))
fields = st.dictionaries(words, words, max_size=3)


def optionally(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


messages = words | optionally({"name": words}, {"wire": words, "topic": words})
undos = st.just("none") | optionally(
    {"command": messages, "success": messages}, {"takes": st.lists(words, max_size=3), "title": words, "state": words}
)
retries = optionally({}, {"attempts": st.integers(1, 1000), "first": durations, "factor": st.floats(1, 10)})
steps = optionally(
    {"id": words, "context": words, "command": messages, "success": messages, "undo": undos},
    {
        "was": words,
        "title": words,
        "kind": st.sampled_from(["compensatable", "pivot", "retriable"]),
        "effect": st.sampled_from(["local", "external"]),
        "after": st.lists(words, max_size=2),
        "when": words,
        "takes": st.lists(words, max_size=3),
        "gives": fields,
        "failure": st.lists(messages, max_size=2),
        "because": words,
        "state": words,
        "timeout": durations,
        "retry": retries,
    },
)
channels = words | optionally({"topic": words}, {"partitions": st.integers(1, 10_000)})
contexts = st.dictionaries(words, optionally({"title": words}, {"commands": channels, "events": channels}), max_size=2)
specs = optionally(
    {"saga": words, "package": words, "input": fields, "contexts": contexts, "steps": st.lists(steps, max_size=3)},
    {
        "title": words,
        "summary": words,
        "deadline": durations,
        "terminal": optionally({}, {"completed": words, "compensated": words}),
        "event_store": optionally({}, {"shards": st.integers(1, 4096), "retention": durations, "partition_key": words}),
        "topics": optionally({}, {"retention": optionally({}, {"commands": durations})}),
        "proposed": optionally({}, {"retries": st.lists(words, max_size=2), "ordering": st.lists(words, max_size=2)}),
        "assumed": st.lists(words, max_size=2),
    },
).map(SagaSpec.model_validate)


def test_an_optional_type_reads_back_on_one_line() -> None:
    spec = saga(step(gives={"note": "string?"}))

    assert load_spec(dump_spec(spec), "saga.yaml") == spec


@examples(300)
@given(specs)
def test_every_saga_reads_back_as_itself(spec: SagaSpec) -> None:
    assert load_spec(dump_spec(spec), "saga.yaml") == spec
