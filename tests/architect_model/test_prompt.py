"""Prompt files: all dialects are read, nothing is evaluated, and every mistake is shown with its line."""

from pathlib import Path
from textwrap import dedent

import pytest

from saga_scaffold.architect.conversation import Turn
from saga_scaffold.architect.evaluators import RegexCheck, SagaCheck, StringCheck, Unsupported
from saga_scaffold.architect.prompt import Prompt, bundled_prompt, load_prompt, read_prompt
from saga_scaffold.errors import Place, ScaffoldError

ORIGINAL_CASE = (
    "A multi-stage global e-commerce fulfillment process: 1. Reserve Inventory (Inventory Service), 2. Process Payment "
    "(Payment Gateway Service), 3. Schedule Freight Shipping (Logistics Service), 4. Deduct Loyalty Points "
    "(CRM Service). If shipping scheduling fails, payment must be refunded, and inventory released."
)


def load(text: str) -> Prompt:
    return load_prompt(dedent(text).lstrip("\n"), "x.prompt.yml")


def problem(text: str) -> tuple[str, str, Place | None]:
    with pytest.raises(ScaffoldError) as raised:
        load(text)
    return raised.value.problem, raised.value.hint, raised.value.place


SMALL = """
    messages:
      - {role: user, content: "Do {{what}}"}
"""


def test_the_founding_prompt_keeps_its_contract() -> None:
    prompt = bundled_prompt("saga-architect")

    assert prompt.name == "Event-Sourced Saga Orchestration Architect"
    assert [variable.name for variable in prompt.variables] == ["business_transaction_workflow"]
    assert [variable.required for variable in prompt.variables] == [True]
    assert [turn.role for turn in prompt.turns] == ["system", "user"]
    assert prompt.parameters == {"temperature": 0.1, "top_p": 0.95}
    assert prompt.cases[0].inputs == {"business_transaction_workflow": ORIGINAL_CASE}
    assert prompt.cases[0].values["expected"] == "compensating"
    first = prompt.evaluators[0]
    assert isinstance(first, RegexCheck)
    assert first.name == "Architecture Completeness Check"
    assert first.pattern.pattern == "(?i)(compensating|event store|idempotency|snapshotting|orchestrator)"


def test_the_founding_prompt_asks_for_every_part_of_a_design() -> None:
    asked = bundled_prompt("saga-architect").turns[0].content.lower()

    for part in (
        "orchestrator",
        "terminal states",
        "compensating action",
        "partition key",
        "sequence numbers",
        "snapshots",
    ):
        assert part in asked
    for part in ("idempotency", "retries", "out-of-order delivery", "split brain", "command topics", "event topics"):
        assert part in asked


@pytest.mark.parametrize("name", ["saga-architect", "repair", "gaps"])
def test_every_bundled_prompt_can_be_filled(name: str) -> None:
    prompt = bundled_prompt(name)
    turns = prompt.fill({variable.name: f"<{variable.name}>" for variable in prompt.variables})

    assert all("{{" not in turn.content for turn in turns)
    assert all(any(f"<{variable.name}>" in turn.content for turn in turns) for variable in prompt.variables)


@pytest.mark.parametrize("suffix", ["yml", "yaml"])
def test_both_endings_are_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"small.prompt.{suffix}"
    path.write_text(dedent(SMALL))

    assert read_prompt(path).name == f"small.prompt.{suffix}"


@pytest.mark.parametrize("spelling", ["{{what}}", "{{ what }}", "{{  what}}"])
def test_placeholders_may_hold_spaces(spelling: str) -> None:
    prompt = load(f'messages: [{{role: user, content: "Do {spelling}!"}}]')

    assert prompt.fill({"what": "it"}) == (Turn("user", "Do it!"),)


def test_what_is_filled_in_is_data() -> None:
    prompt = load("""
        messages:
          - role: user
            content: "{{one}} and {{two}}"
    """)

    filled = prompt.fill({"one": r"{{two}} {% if x %} \1 {{ 7*7 }}", "two": "{{one}}"})
    assert filled == (Turn("user", r"{{two}} {% if x %} \1 {{ 7*7 }} and {{one}}"),)


@pytest.mark.parametrize("key", ["input", "inputs", "vars"])
def test_test_data_may_be_nested(key: str) -> None:
    prompt = load(f"{SMALL}    testData: [{{{key}: {{what: it}}, expected: done}}]")

    assert prompt.cases[0].inputs == {"what": "it"}
    assert prompt.cases[0].values == {"what": "it", "expected": "done"}


def test_test_data_may_be_flat() -> None:
    prompt = load(f"{SMALL}    testData: [{{what: it, expected: no}}]")

    assert prompt.cases[0].inputs["what"] == "it"
    assert prompt.cases[0].values["expected"] == "no"


def test_a_flat_variable_may_be_called_input() -> None:
    prompt = load("""
        messages: [{role: user, content: "Say {{input}}"}]
        testData: [{input: hello, expected: world}]
    """)

    assert prompt.fill(prompt.cases[0].inputs) == (Turn("user", "Say hello"),)


@pytest.mark.parametrize("top_p", ["topP", "top_p"])
@pytest.mark.parametrize("max_tokens", ["maxTokens", "max_tokens"])
def test_parameters_may_be_spelled_either_way(top_p: str, max_tokens: str) -> None:
    prompt = load(f"{SMALL}    modelParameters: {{{top_p}: 0.95, {max_tokens}: 4000, maxCompletionTokens: 5}}")

    assert prompt.parameters == {"top_p": 0.95, "max_tokens": 4000, "max_completion_tokens": 5}


def test_unknown_keys_are_kept() -> None:
    prompt = load(f"{SMALL}    version: 1.0.0\n    metadata: {{domain: technical}}")

    assert prompt.extra == {"version": "1.0.0", "metadata": {"domain": "technical"}}


def test_a_variable_that_is_not_required_may_stay_empty() -> None:
    prompt = load("""
        variables:
          - {name: what}
          - {name: how, required: false}
          - {name: tone, default: calm}
        messages: [{role: user, content: "{{what}}/{{how}}/{{tone}}"}]
    """)

    assert prompt.fill({"what": "it"}) == (Turn("user", "it//calm"),)


def test_every_kind_of_evaluator_is_read() -> None:
    prompt = load(SMALL + """
    evaluators:
      - {name: a, type: regex, pattern: "x+"}
      - {name: b, regex: {pattern: "x+"}}
      - {name: c, regex: "x+"}
      - {name: d, string: {startsWith: "#"}}
      - {name: e, saga: parses}
      - {name: f, saga: {steps: 4}}
      - {name: g, llm: {modelId: judge}}
      - {name: h, uses: github/similarity}
    """)
    a, b, c, d, e, f, g, h = prompt.evaluators

    assert [check.pattern.pattern for check in (a, b, c) if isinstance(check, RegexCheck)] == ["x+"] * 3
    assert d == StringCheck("d", "startsWith", "#")
    assert isinstance(e, SagaCheck)
    assert e.rule == "parses"
    assert isinstance(f, SagaCheck)
    assert (f.rule, f.argument) == ("steps", "4")
    assert [check.kind for check in (g, h) if isinstance(check, Unsupported)] == ["llm", "uses"]


def test_an_unfilled_placeholder_is_named() -> None:
    prompt = load(SMALL)
    with pytest.raises(ScaffoldError) as raised:
        prompt.fill({})

    assert raised.value.problem == "`{{what}}` of the prompt is not filled"
    assert raised.value.hint == "give a value for `what`"


def test_an_undeclared_placeholder_is_named_with_its_line() -> None:
    assert (
        problem("""
        variables:
          - name: workflow
        messages:
          - role: user
            content: Do {{workflwo}}
    """)
        == (
            "`{{workflwo}}` is not declared",
            "declare it under `variables`, or use one of workflow",
            Place("x.prompt.yml", 5, 14),
        )
    )


def test_nothing_is_evaluated() -> None:
    assert (
        problem("""
        messages:
          - role: user
            content: Do {{ what | upper }}
    """)
        == (
            "`{{what | upper}}` is no placeholder: only names are replaced, nothing is evaluated",
            "write a name such as `{{business_transaction_workflow}}`",
            Place("x.prompt.yml", 3, 14),
        )
    )


@pytest.mark.parametrize(
    ("text", "expected", "line"),
    [
        ("messages: [", "this is not YAML: expected the node content, but found '<stream end>'", 1),
        ("a: 1\na: 2\nmessages: []", "the key `a` is there twice", 2),
        ("{[1]: 2}", "a key must be a plain name", 1),
        ("- a\n- b", "a prompt file is a mapping with `messages`", 1),
        ("name: x", "the prompt has no `messages`", 1),
        ("messages: hello", "`messages` is a list", 1),
        ("messages:\n- hello", "a message has a `role` and a `content`", 2),
        ("messages:\n- {role: robot, content: x}", "there is no role `robot`", 2),
        ("messages:\n- {role: user, content: x}\nname: [x]", "`name` is a text", 3),
        ("messages:\n- {role: user, content: x}\nmodelParameters: 3", "`modelParameters` is a mapping", 3),
        ("messages:\n- {role: user, content: x}\nvariables:\n- {description: x}", "a variable has a `name`", 4),
        ("messages:\n- {role: user, content: x}\ntestData:\n- x", "a test case is a mapping of variables", 4),
        ("messages:\n- {role: user, content: x}\nevaluators:\n- x", "an evaluator is a mapping with a `name`", 4),
        (
            "messages:\n- {role: user, content: x}\nevaluators:\n- {name: e, regex: '('}",
            "the pattern of `e` is no regular expression: missing ), unterminated subpattern at position 0",
            4,
        ),
        (
            "messages:\n- {role: user, content: x}\nevaluators:\n- {name: e, string: {contains: a, equals: b}}",
            "the evaluator `e` needs exactly one of equals, contains, startsWith, endsWith",
            4,
        ),
        (
            "messages:\n- {role: user, content: x}\nevaluators:\n- {name: e, saga: perfect}",
            "the evaluator `e` asks for a rule that is not there",
            4,
        ),
    ],
)
def test_a_mistake_is_shown_with_its_line(text: str, expected: str, line: int) -> None:
    with pytest.raises(ScaffoldError) as raised:
        load_prompt(text, "x.prompt.yml")

    assert raised.value.problem == expected
    assert raised.value.place is not None
    assert (raised.value.place.file, raised.value.place.line) == ("x.prompt.yml", line)
    assert raised.value.hint


def test_a_prompt_without_its_indentation_says_so() -> None:
    lost = "name: x\nmessages:\n- role: system\ncontent: |\nYou are\nan architect\n"
    with pytest.raises(ScaffoldError) as raised:
        load_prompt(lost, "x.prompt.yml")

    assert raised.value.hint == "indent it: what belongs to a key stands further right"


@pytest.mark.parametrize("text", ["", "# nothing\n", "a: \x07", "[" * 5000, "&a [*a]", "a: &a [1]\nb: [*a, *a]\n"])
def test_odd_files_are_refused_and_never_crash(text: str) -> None:
    with pytest.raises(ScaffoldError):
        load_prompt(text, "x.prompt.yml")


def test_aliases_cannot_explode() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 40))
    prompt = load_prompt(f"l0: &l0 [x]\n{levels}messages: [{{role: user, content: x}}]", "x.prompt.yml")

    assert prompt.turns == (Turn("user", "x"),)


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(ScaffoldError) as raised:
        read_prompt(tmp_path / "none.prompt.yml")
    assert (
        raised.value.problem
        == f"cannot read the prompt file `{tmp_path / 'none.prompt.yml'}`: no such file or directory"
    )

    (tmp_path / "latin.prompt.yml").write_bytes(b"name: caf\xe9")
    with pytest.raises(ScaffoldError) as raised:
        read_prompt(tmp_path / "latin.prompt.yml")
    assert raised.value.problem == f"`{tmp_path / 'latin.prompt.yml'}` is not UTF-8: byte 9"
