"""Evaluation of a prompt file: every case is designed and judged; the result reads like that of `gh models eval`."""

import pytest

from architect_model.sagas import saga
from saga_scaffold.architect.conversation import Tokens
from saga_scaffold.architect.dialects import Case
from saga_scaffold.architect.evaluate import Designed, evaluate
from saga_scaffold.architect.evaluators import Subject
from saga_scaffold.architect.prompt import Prompt, load_prompt
from saga_scaffold.errors import ScaffoldError

TEXT = """
name: Small
description: A small prompt.
messages: [{role: user, content: "Design {{business_transaction_workflow}}"}]
testData:
  - {input: {business_transaction_workflow: Reserve and pay}, expected: compensating}
  - {input: {business_transaction_workflow: Write a poem}, expected: poem}
evaluators:
  - {name: says it, string: {contains: "{{expected}}"}}
  - {name: is a saga, saga: parses}
"""


def small(text: str = TEXT) -> Prompt:
    return load_prompt(text, "small.prompt.yml")


def design(case: Case) -> Designed:
    """Designs what is no poem."""
    if "poem" in case.inputs["business_transaction_workflow"]:
        return Designed(Subject("A poem", None, "no steps found"), Tokens(5, 6))
    return Designed(Subject("Compensating action", saga()), Tokens(7, 8))


def test_every_case_is_judged_by_every_evaluator() -> None:
    evaluation = evaluate(small(), design, "offline")

    assert [tried.passed for tried in evaluation.tried] == [True, False]
    assert not evaluation.passed
    assert evaluation.pass_rate == 50.0
    assert list(evaluation.rows()) == [
        ("1", "says it", "passed", "contains `compensating`"),
        ("1", "is a saga", "passed", "reads as a saga"),
        ("2", "says it", "passed", "contains `poem`"),
        ("2", "is a saga", "FAILED", "no steps found"),
    ]


def test_the_json_has_the_known_key_names() -> None:
    document = evaluate(small(), design, "model-1").document()

    for result in document["testResults"]:
        assert result.pop("seconds") >= 0
    assert document == {
        "version": 1,
        "name": "Small",
        "description": "A small prompt.",
        "model": "model-1",
        "testResults": [
            {
                "testCase": {"input": {"business_transaction_workflow": "Reserve and pay"}, "expected": "compensating"},
                "modelResponse": "Compensating action",
                "evaluationResults": [
                    {"evaluatorName": "says it", "score": 1.0, "passed": True, "details": "contains `compensating`"},
                    {"evaluatorName": "is a saga", "score": 1.0, "passed": True, "details": "reads as a saga"},
                ],
                "tokens": {"prompt": 7, "completion": 8},
            },
            {
                "testCase": {"input": {"business_transaction_workflow": "Write a poem"}, "expected": "poem"},
                "modelResponse": "A poem",
                "evaluationResults": [
                    {"evaluatorName": "says it", "score": 1.0, "passed": True, "details": "contains `poem`"},
                    {"evaluatorName": "is a saga", "score": 0.0, "passed": False, "details": "no steps found"},
                ],
                "tokens": {"prompt": 5, "completion": 6},
            },
        ],
        "summary": {"totalTests": 2, "passedTests": 1, "failedTests": 1, "passRate": 50.0},
    }


def test_a_file_without_test_data_is_refused() -> None:
    with pytest.raises(ScaffoldError) as raised:
        evaluate(small(TEXT.partition("testData")[0]), design, "offline")

    assert raised.value.problem == "`small.prompt.yml` has no test data"


def test_an_evaluator_without_a_judge_is_refused_before_anything_is_designed() -> None:
    def never(case: Case) -> Designed:
        raise AssertionError("nothing may be designed")

    with pytest.raises(ScaffoldError) as raised:
        evaluate(small(TEXT + "  - {name: taste, uses: github/similarity}\n"), never, "offline")

    assert raised.value.problem == "the evaluator `taste` is of the kind `uses`, which is not judged here"
