"""Everything that a user can get wrong has one message: what, where, and what to do; never a traceback."""

from pathlib import Path

import pytest
from cli.conftest import ORIGINAL, Scaffold

EXAMPLE_HINT = (
    'hint: describe it in words, for example: "1. Reserve Inventory (Inventory Service), 2. Process Payment (Payment '
    'Service). If the payment fails, inventory is released."\n'
)


@pytest.mark.parametrize("workflow", ["", "  ", "\n"])
def test_an_empty_workflow_is_refused(scaffold: Scaffold, workflow: str) -> None:
    ended = scaffold("design", workflow)

    assert (ended.status, ended.out) == (2, "")
    assert ended.err == "error: the workflow is empty\n\n" + EXAMPLE_HINT


def test_empty_standard_input_is_refused(scaffold: Scaffold) -> None:
    ended = scaffold("design", "-")

    assert (ended.status, ended.err) == (2, "error: the workflow is empty: `<stdin>`\n\n" + EXAMPLE_HINT)


def test_a_missing_argument_is_refused(scaffold: Scaffold) -> None:
    ended = scaffold("new")

    assert ended.status == 2
    assert ended.err.startswith("error: no workflow was given\n\nhint: give it as a text in quotes")


def test_a_mistyped_path_names_the_near_one(scaffold: Scaffold, tmp_path: Path) -> None:
    (tmp_path / "workflow.txt").write_text(ORIGINAL)

    ended = scaffold("design", "workfolw.txt")

    assert (ended.status, ended.err) == (
        2,
        "error: there is no file `workfolw.txt`\n\nhint: did you mean `workflow.txt`?\n",
    )


def test_a_directory_is_not_a_workflow(scaffold: Scaffold, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()

    ended = scaffold("design", "docs")

    assert (ended.status, ended.err) == (
        2,
        "error: `docs` is a directory\n\nhint: name the file in it that describes the workflow\n",
    )


def test_a_binary_file_is_refused(scaffold: Scaffold, tmp_path: Path) -> None:
    (tmp_path / "flow.txt").write_bytes(b"\x7fELF\0\0")

    ended = scaffold("design", "flow.txt")

    assert (ended.status, ended.err) == (
        2,
        "error: `flow.txt` is not a text file\n\nhint: give a text, Markdown or YAML file in UTF-8\n",
    )


def test_another_encoding_is_refused_with_its_line(scaffold: Scaffold, tmp_path: Path) -> None:
    (tmp_path / "flow.txt").write_bytes(b"1. Reserve\n2. Stra\xdfe")

    ended = scaffold("design", "flow.txt")

    assert (ended.status, ended.err) == (
        2,
        "error: flow.txt:2: `flow.txt` is not UTF-8: byte 0xdf on line 2\n\nhint: save it as UTF-8\n",
    )


def test_an_unreadable_file_is_refused(scaffold: Scaffold, tmp_path: Path) -> None:
    (tmp_path / "flow.txt").symlink_to("/proc/self/mem")  # nobody may read its first bytes, not even root

    ended = scaffold("design", "flow.txt")

    assert (ended.status, ended.err) == (
        2,
        "error: cannot read `flow.txt`: input/output error\n\nhint: check its name and its permissions\n",
    )


def test_a_text_without_steps_says_what_was_looked_for(scaffold: Scaffold) -> None:
    ended = scaffold("design", "The weather is nice today")

    assert ended.status == 2
    assert ended.err.startswith("error: <workflow>: no steps found")
    example = ended.err.rpartition("as in `")[2].strip().removesuffix("`")
    assert scaffold("design", example).status == 0


def test_an_occupied_directory_is_refused_and_untouched(scaffold: Scaffold, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "notes.md").write_text("mine")

    ended = scaffold("new", ORIGINAL, "shop", "--no-smoke")

    assert ended.status == 2
    assert "`shop` is not empty" in ended.err
    assert [path.name for path in (tmp_path / "shop").iterdir()] == ["notes.md"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1. Reserve stock\n2. Charge the card, if the moon is full\n", "flow.md:2: the condition `the moon is full`"),
        (
            "# Order\n\n## Reserve stock\n- Command: ReserveStock\n- Event: StockReserved\n- Kind: retriable\n\n"
            "## Take payment\n- Command: TakePayment\n- Event: PaymentTaken\n- Kind: compensatable\n",
            "flow.md:3: step 1 cannot be retriable where it stands",
        ),
    ],
)
def test_what_cannot_be_taken_as_it_is_written_is_shown_with_its_line(
    scaffold: Scaffold, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "flow.md").write_text(text)

    ended = scaffold("design", "flow.md")

    assert ended.status == 0
    assert f"warning: {said}" in ended.err
