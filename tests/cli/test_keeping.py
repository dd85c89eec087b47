"""Commands for a project that is there: `regenerate`, `check`, `verify`."""

import json
from pathlib import Path

import pytest
from cli.conftest import Scaffold
from regenerate.owner import HANDLERS, SAGA, Owner

CLOSING = ">>>>>>> generated now\n"


@pytest.fixture
def owner(scaffold: Scaffold, tmp_path: Path) -> Owner:
    (tmp_path / "saga.yaml").write_text(SAGA, encoding="utf-8")
    assert scaffold("new", "saga.yaml", "shop", "--no-smoke").status == 0
    return Owner(tmp_path / "shop")


def test_a_fresh_project_is_in_step(scaffold: Scaffold, owner: Owner) -> None:
    ended = scaffold("check", "shop")

    assert (ended.status, ended.out, ended.err) == (0, "", "the project is in step with its saga.yaml\n")


def test_a_changed_saga_is_drift_until_it_is_regenerated(scaffold: Scaffold, owner: Owner) -> None:
    owner.change("saga.yaml", "deadline: 24h", "deadline: 36h")

    drift = scaffold("check", "shop", "--json")
    assert drift.status == 1
    assert [one["path"] for one in json.loads(drift.out)["findings"]] == ["deadline"]

    regenerated = scaffold("regenerate", "shop", "--no-smoke")
    assert regenerated.status == 0
    assert regenerated.out.splitlines()[0] == "  safe  deadline  24h -> 36h"
    assert scaffold("check", "shop").status == 0


def test_a_dry_run_tells_the_rows_of_the_run_and_writes_nothing(scaffold: Scaffold, owner: Owner) -> None:
    owner.change("saga.yaml", "failure: StockNotReserved", "failure: [StockNotReserved, StockBlocked]")
    before = owner.contents()

    told = json.loads(scaffold("regenerate", "shop", "--dry-run", "--json").out)
    assert owner.contents() == before
    done = json.loads(scaffold("regenerate", "shop", "--no-smoke", "--json").out)

    assert (told["version"], told["kind"], told["impact"]) == (1, "regenerate", "new version")
    assert told["files"] == done["files"]
    assert (told["written"], done["written"]) == (False, True)
    assert told["definition"] == {"before": 1, "now": 2}


def test_a_conflict_ends_with_one_and_says_what_to_do(scaffold: Scaffold, owner: Owner) -> None:
    owner.change(HANDLERS, '"""Reserve stock, or say why not."""', '"""Hold what the customer wants."""')
    owner.change("saga.yaml", "    command: ReserveStock", "    title: Put stock aside\n    command: ReserveStock")

    ended = scaffold("regenerate", "shop", "--no-smoke")

    assert ended.status == 1
    assert "conflicts: 1; resolve them, then run `saga-scaffold regenerate --continue`" in ended.out
    assert scaffold("check", "shop").status == 1
    refused = scaffold("regenerate", "shop", "--continue", "--no-smoke")
    assert refused.status == 2
    assert refused.err.startswith(f"error: there are conflicts left: {HANDLERS}:")
    assert scaffold("regenerate", "shop", "--abort").status == 0
    assert "Hold what the customer wants." in owner.read(HANDLERS)


def in_conflict(scaffold: Scaffold, owner: Owner, mine: str) -> None:
    """The owner has a docstring and more of his own; the saga brings another docstring."""
    owner.change(HANDLERS, '    """Reserve stock, or say why not."""\n', f'    """Mine."""\n{mine}')
    owner.change("saga.yaml", "    command: ReserveStock", "    title: Put stock aside\n    command: ReserveStock")
    assert scaffold("regenerate", "shop", "--no-smoke").status == 1


def resolve(owner: Owner, text: str) -> None:
    """The owner writes something else in the place of the conflict."""
    marked = owner.read(HANDLERS)
    start, end = marked.index("<<<<<<<"), marked.index(CLOSING)
    owner.write(HANDLERS, marked[:start] + text + marked[end + len(CLOSING) :])


def test_what_was_resolved_is_formatted_where_the_file_was(scaffold: Scaffold, owner: Owner) -> None:
    in_conflict(scaffold, owner, mine="    assert command.sku\n")
    resolve(owner, '    """Ours."""\n    shelf = command.sku [ : 3 ]\n')

    ended = scaffold("regenerate", "shop", "--continue", "--no-smoke")

    assert (ended.status, ended.err) == (0, f"the conflicts are resolved; formatted: {HANDLERS}\n")
    assert '    """Ours."""\n    shelf = command.sku[:3]\n    assert command.sku\n' in owner.read(HANDLERS)
    again = scaffold("regenerate", "shop", "--no-smoke")
    assert (again.status, again.out.splitlines()[-1]) == (0, "nothing to do")


def test_a_layout_of_ones_own_stays_as_it_was_resolved(scaffold: Scaffold, owner: Owner) -> None:
    in_conflict(scaffold, owner, mine="    assert  command.sku\n")
    resolve(owner, '    """Ours."""\n    shelf = command.sku [ : 3 ]\n')
    before = owner.read(HANDLERS)

    told = json.loads(scaffold("regenerate", "shop", "--continue", "--no-smoke", "--json").out)

    assert (told["continued"], told["formatted"]) == (True, [])
    assert owner.read(HANDLERS) == before


def test_line_ends_stay_when_what_was_resolved_is_formatted(scaffold: Scaffold, owner: Owner) -> None:
    handlers = owner.project / HANDLERS
    handlers.write_bytes(handlers.read_bytes().replace(b"Reserve stock, or", b"Keep stock, or").replace(b"\n", b"\r\n"))
    owner.change("saga.yaml", "    command: ReserveStock", "    title: Put stock aside\n    command: ReserveStock")
    assert scaffold("regenerate", "shop", "--no-smoke").status == 1
    resolve(owner, '    """Ours."""\n    shelf = command.sku [ : 3 ]\n')
    handlers.write_bytes(handlers.read_bytes().replace(b"\n", b"\r\n"))

    assert scaffold("regenerate", "shop", "--continue", "--no-smoke").status == 0

    written = handlers.read_bytes()
    assert b'    """Ours."""\r\n    shelf = command.sku[:3]\r\n' in written
    assert written.count(b"\n") == written.count(b"\r\n")


def test_what_breaks_running_sagas_is_refused(scaffold: Scaffold, owner: Owner) -> None:
    owner.change("saga.yaml", "shards: 16", "shards: 8")
    before = owner.contents()

    ended = scaffold("regenerate", "shop", "--no-smoke")

    assert ended.status == 1
    assert (
        "event_store.shards: every running saga lives in one of the old shards; instead: keep the number" in ended.out
    )
    assert owner.contents() == before


@pytest.mark.parametrize("others", [["--dry-run"], ["--continue"], ["--workflow", "1. Pay"], ["--drop", "v1"]])
def test_an_abort_goes_with_nothing_else(scaffold: Scaffold, owner: Owner, others: list[str]) -> None:
    before = owner.contents()

    ended = scaffold("regenerate", "shop", "--abort", *others)

    assert ended.status == 2
    assert "do not go together\n\nhint: finish the last run first, then begin anew\n" in ended.err
    assert owner.contents() == before


def test_continue_and_abort_tell_in_json_what_they_did(scaffold: Scaffold, owner: Owner) -> None:
    owner.change(HANDLERS, '"""Reserve stock, or say why not."""', '"""Hold what the customer wants."""')
    owner.change("saga.yaml", "    command: ReserveStock", "    title: Put stock aside\n    command: ReserveStock")
    scaffold("regenerate", "shop", "--no-smoke")

    told = json.loads(scaffold("regenerate", "shop", "--abort", "--json").out)

    assert (told["version"], told["kind"]) == (1, "regenerate")
    assert (told["continued"], told["aborted"]) == (False, True)


def test_a_proposal_ends_with_one(scaffold: Scaffold, owner: Owner) -> None:
    owner.write("src/shop/contexts/fraud.py", "mine = True\n")
    owner.change("saga.yaml", "  shipping: {title", "  fraud: {title: Fraud}\n  shipping: {title")
    owner.change("saga.yaml", "    context: shipping\n", "    context: fraud\n")
    owner.change("saga.yaml", "  shipping: {title: Shipping Service}\n", "")

    ended = scaffold("regenerate", "shop", "--no-smoke", "--accept-breaking")

    assert ended.status == 1
    assert "proposals beside your files: 1" in ended.out


def test_a_dry_run_finishes_no_other_run(scaffold: Scaffold, owner: Owner) -> None:
    owner.write(".saga-scaffold/pending/journal.json", "{}")

    ended = scaffold("regenerate", "shop", "--dry-run")

    assert (ended.status, ended.err) == (
        2,
        "error: an interrupted run must be finished first\n\nhint: run `saga-scaffold regenerate`\n",
    )
    assert scaffold("regenerate", "shop", "--no-smoke").status == 0
    assert not (owner.project / ".saga-scaffold/pending").exists()


def test_outside_of_a_project_there_is_nothing_to_regenerate(scaffold: Scaffold) -> None:
    ended = scaffold("regenerate")

    assert (ended.status, ended.err) == (
        2,
        "error: `.` is no project of saga-scaffold: there is no `.saga-scaffold/lock.json`\n\n"
        "hint: run it in a directory that `saga-scaffold new` wrote, "
        "or restore `.saga-scaffold` from version control\n",
    )


def test_what_is_not_there_is_no_project(scaffold: Scaffold) -> None:
    ended = scaffold("check", "nowhere")

    assert (ended.status, ended.out) == (2, "")
    assert ended.err == "error: there is no `nowhere`\n\nhint: name a project, or a saga.yaml on its own\n"


def test_a_saga_is_verified_before_a_line_of_it_runs(scaffold: Scaffold, owner: Owner) -> None:
    ended = scaffold("verify", "shop/saga.yaml", "--states", "3000", "--schedules", "20", "--json")

    told = json.loads(ended.out)
    assert ended.status == 0
    assert (told["kind"], told["saga"], told["violation"]) == ("verify", "order-fulfillment", None)
    assert told["states"] >= 3000


def test_a_new_text_of_the_workflow_changes_what_it_states(scaffold: Scaffold, owner: Owner) -> None:
    before = owner.read("saga.yaml")
    text = (
        "1. Reserve stock (Inventory Service), 2. Check fraud (Risk Service), 3. Take payment (Payment Service) within "
        "45 seconds, 4. Send parcel (Shipping Service)."
    )

    shown = scaffold("regenerate", str(owner.project), "--workflow", text, "--dry-run")
    assert (shown.status, owner.read("saga.yaml")) == (0, before)
    assert "new version  steps.check-fraud           + check-fraud" in shown.out
    assert "safe         steps.take-payment.timeout  30s -> 45s" in shown.out

    done = scaffold("regenerate", str(owner.project), "--workflow", text, "--no-smoke")

    assert done.status == 0
    assert done.out.splitlines()[:-1] == shown.out.splitlines()[:-1]
    lost = [line for line in before.splitlines() if line not in owner.read("saga.yaml").splitlines()]
    assert lost == []
    assert scaffold("check", str(owner.project)).status == 0


def test_a_text_without_steps_leaves_the_project_alone(scaffold: Scaffold, owner: Owner) -> None:
    before = owner.read("saga.yaml")

    ended = scaffold("regenerate", str(owner.project), "--workflow", "hello there")

    assert ended.status == 2
    assert "no steps found in the workflow" in ended.err
    assert owner.read("saga.yaml") == before
