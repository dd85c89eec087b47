"""What is wrong with a saga.yaml: file, line, the words, and what to do; whatever is in it."""

from pathlib import Path

import pytest
from cli.conftest import Scaffold

GOOD = """\
saga: order
package: orders
title: Order
input: {order_id: string}
contexts:
  stock: {title: Stock}
steps:
  - id: reserve
    context: stock
    command: Reserve
    takes: [order_id]
    success: Reserved
    undo: {command: Release, takes: [order_id], success: Released}
  - id: pay
    context: stock
    command: Pay
    takes: [order_id]
    success: Paid
    undo: {command: Refund, takes: [order_id], success: Refunded}
"""
LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 8)}]\n" for n in range(1, 9)
)


def changed(before: str, after: str) -> str:
    assert before in GOOD
    return GOOD.replace(before, after, 1)


PROBLEMS = {
    "invalid YAML": (
        GOOD + "  bad: [\n",
        "saga.yaml:20:3: this is not YAML: expected <block end>, but found '?'",
        "check indentation, colons, brackets and quotes on this line and the one before",
    ),
    "a key twice": (
        changed("title: Order\n", "title: Order\ntitle: Again\n"),
        "saga.yaml:4:1: the key `title` is there twice; first on line 3",
        "keep one of them",
    ),
    "a YAML bomb": (
        LAUGHS,
        "saga.yaml:1:16: aliases make it more than 50000 values",
        "write the values out",
    ),
    "a tag": (
        changed("title: Order", "title: !!python/object/apply:os.system [ls]"),
        "saga.yaml:3:8: the tag `!!python/object/apply:os.system` is not understood",
        "remove it",
    ),
    "an unknown key": (
        changed("    takes:", "    take:"),
        "saga.yaml:11:5: the step `reserve` has no key `take`",
        "did you mean `takes`?",
    ),
    "a missing key": (
        changed("    undo: {command: Refund, takes: [order_id], success: Refunded}\n", ""),
        "saga.yaml:14:5: the step `pay` lacks `undo`",
        "add it, for example: undo: none",
    ),
    "an id twice": (
        changed("id: pay", "id: reserve").replace("    command: Pay", "    after: []\n    command: Pay"),
        "saga.yaml:8:9: two steps have the id `reserve`",
        "give one of them another id",
    ),
    "a circle": (
        changed("    command: Reserve", "    after: [pay]\n    command: Reserve"),
        "saga.yaml:10:12: steps wait for each other in a circle: reserve -> pay -> reserve",
        "take one of them out of another's `after`",
    ),
    "a field that nothing supplies": (
        changed("takes: [order_id]\n    success: Paid", "takes: [order_id, price]\n    success: Paid"),
        "saga.yaml:17:12: the step `pay` takes `price`, which nothing supplies",
        "add it to `input`, or to the `gives` of a step before",
    ),
    "a field with two suppliers": (
        changed("    success: Reserved\n", "    success: Reserved\n    gives: {order_id: string}\n"),
        "saga.yaml:13:23: the field `order_id` is supplied by the input and by `reserve`",
        "give it a name of its own, like reserve_order_id",
    ),
    "a path for an id": (
        changed("id: reserve", 'id: "../x"'),
        "saga.yaml:8:9: the step id `../x` is not in kebab-case",
        "write `x`",
    ),
    "a keyword": (
        changed("id: reserve", "id: class"),
        "saga.yaml:8:9: the step id `class` is reserved",
        "add a word that says more",
    ),
    "braces of a template": (
        changed("id: reserve", 'id: "a{{ b }}"'),
        "saga.yaml:8:9: the step id `a{{ b }}` is not in kebab-case",
        "write `a-b`",
    ),
    "a quote": (
        changed("command: Reserve", "command: 'It''s'"),
        "saga.yaml:10:14: the message `It's` is not in PascalCase",
        "write `Its`; how it is called on the wire goes into `wire`",
    ),
    "a look-alike letter": (
        changed("id: reserve", "id: r\u0435serve"),
        "saga.yaml:8:9: the step id `r\u0435serve` is not in kebab-case",
        "write `r-serve`",
    ),
    "an emoji": (
        changed("id: reserve", "id: \U0001f600"),
        "saga.yaml:8:9: the step id `\U0001f600` is not in kebab-case",
        "write lower-case words joined by dashes, like reserve-inventory",
    ),
    "a newline": (
        changed("id: reserve", 'id: "a\\nb"'),
        "saga.yaml:8:9: the step id `a\ufffdb` is not in kebab-case",
        "write `a-b`",
    ),
    "a module's name": (
        changed("package: orders", "package: json"),
        "saga.yaml:2:10: the package `json` would hide the module of that name",
        "call it `json_saga`",
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_problem_is_told_with_its_place_and_what_to_do(scaffold: Scaffold, tmp_path: Path, name: str) -> None:
    text, problem, hint = PROBLEMS[name]
    (tmp_path / "saga.yaml").write_text(text, encoding="utf-8")

    ended = scaffold("design", "saga.yaml")

    assert ended.status == 2
    assert f"error: {problem}\n\nhint: {hint}\n" in ended.err
    assert "Traceback" not in ended.err
    assert not (tmp_path / "order").exists()


def test_a_name_of_three_hundred_letters_is_refused_and_cut_in_the_message(scaffold: Scaffold, tmp_path: Path) -> None:
    (tmp_path / "saga.yaml").write_text(changed("id: reserve", f"id: {'x' * 300}"))

    ended = scaffold("design", "saga.yaml")

    assert ended.status == 2
    assert max(map(len, ended.err.splitlines())) < 260


def test_a_title_may_hold_anything_and_reaches_no_template(scaffold: Scaffold, tmp_path: Path) -> None:
    title = '{{ 7 * 191 }} {% raw %} \\" \'\'\' """ <script> \U0001f600'
    (tmp_path / "saga.yaml").write_text(changed("title: Order", f"title: '{title.replace(chr(39), chr(39) * 2)}'"))

    ended = scaffold("new", "saga.yaml", "project", "--no-smoke")

    assert ended.status == 0
    files = [path for path in (tmp_path / "project").rglob("*") if path.is_file()]
    assert not any(b"1337" in path.read_bytes() for path in files)
    for path in files:
        if path.suffix == ".py":
            compile(path.read_text(), str(path), "exec")


def test_check_takes_a_saga_on_its_own(scaffold: Scaffold, tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "bad.yaml").write_text(PROBLEMS["a circle"][0])

    good, bad = scaffold("check", "good.yaml"), scaffold("check", "bad.yaml")

    assert (good.status, good.err) == (0, "the saga is valid\n")
    assert bad.status == 1
    assert "bad.yaml:10:12: steps wait for each other in a circle" in bad.err
