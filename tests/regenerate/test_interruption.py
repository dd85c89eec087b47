"""Killed at any point, the next run finds the old project or the new one, and nothing in between."""

import os
from pathlib import Path

import pytest

from regenerate.owner import CODE, HANDLERS, Owner
from saga_scaffold.errors import ScaffoldError
from saga_scaffold.regenerate import journal
from saga_scaffold.regeneration import findings


class Killed(BaseException):
    """The process is gone: nothing cleans up."""


def changed(owner: Owner) -> Owner:
    owner.change(HANDLERS, CODE, "    print(command.sku)\n" + CODE)
    return owner.change("saga.yaml", "failure: StockNotReserved", "failure: [StockNotReserved, StockBlocked]")


def steps_of(owner: Owner) -> list[str]:
    told: list[str] = []
    owner.regenerate(told.append)
    return told


@pytest.mark.slow
def test_every_point_of_a_run_leaves_the_old_project_or_the_new_one(owner: Owner, tmp_path: Path) -> None:
    import shutil

    changed(owner)
    before = owner.contents()
    shutil.copytree(owner.project, tmp_path / "done")
    after_all = Owner(tmp_path / "done")
    steps = steps_of(after_all)
    after = after_all.contents()
    assert steps[-1] == "clean up"
    assert any(told.startswith("apply") for told in steps)

    for number in range(0, len(steps), 3):
        again = Owner(tmp_path / f"killed-{number}")
        shutil.copytree(owner.project, again.project)
        interrupt(again, steps[number])

        committed = journal.interrupted(again.project)
        journal.recover(again.project)
        assert again.contents() == (after if committed else before), steps[number]


def interrupt(owner: Owner, at: str) -> None:
    """A process that is killed where it is told `at`."""
    prepared = owner.prepared()
    pid = os.fork()
    if pid == 0:
        from saga_scaffold.regenerate.regenerate import write

        write(prepared, lambda told: os._exit(9) if told == at else None)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9


def test_what_was_written_after_the_kill_is_not_overwritten(owner: Owner) -> None:
    changed(owner)
    interrupt(owner, f"apply {HANDLERS}")
    owner.write(HANDLERS, "written since\n")

    aside = journal.recover(owner.project)

    assert aside == (f"{HANDLERS}.proposed",)
    assert owner.read(HANDLERS) == "written since\n"
    assert "StockBlocked" in owner.read(f"{HANDLERS}.proposed")
    assert "StockBlocked" in owner.read("src/shop/messages.py")


def test_a_run_that_cannot_go_on_is_finished_by_the_next_one(owner: Owner) -> None:
    changed(owner)
    handlers = owner.project / HANDLERS
    text = handlers.read_text(encoding="utf-8")

    def block(told: str) -> None:
        if told == f"apply {HANDLERS}":
            handlers.unlink()
            handlers.mkdir()

    with pytest.raises(ScaffoldError, match="cannot go on writing"):
        owner.regenerate(block)
    handlers.rmdir()
    handlers.write_text(text, encoding="utf-8")

    assert journal.recover(owner.project) == ()
    assert "StockBlocked" in owner.read(HANDLERS)
    assert owner.prepared().touched == ()


@pytest.mark.parametrize("closed", [HANDLERS, "src/shop/contexts"], ids=["file", "directory"])
def test_what_is_read_only_is_refused_before_anything_is_written(
    owner: Owner, closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(owner)
    before = owner.contents()
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != owner.project / closed)

    with pytest.raises(ScaffoldError, match="cannot write to") as raised:
        owner.regenerate()

    assert raised.value.hint == "nothing was changed; make room, or check the permissions"
    assert owner.contents() == before


def test_a_check_leaves_what_another_run_has_staged(owner: Owner) -> None:
    changed(owner)
    interrupt(owner, "commit")
    before = owner.contents()

    list(findings(owner.project))

    assert owner.contents() == before


def test_an_interruption_by_hand_leaves_the_old_project(owner: Owner) -> None:
    changed(owner)
    before = owner.contents()

    def stop(told: str) -> None:
        if told == "commit":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        owner.regenerate(stop)

    assert owner.contents() == before


def test_a_file_that_changes_meanwhile_stops_it(owner: Owner) -> None:
    changed(owner)

    def save(told: str) -> None:
        if told == f"stage {HANDLERS}":
            owner.write(HANDLERS, "saved in the meantime\n")

    with pytest.raises(ScaffoldError, match="was changed while this ran"):
        owner.regenerate(save)

    assert owner.read(HANDLERS) == "saved in the meantime\n"
    assert "StockBlocked" not in owner.read("src/shop/messages.py")


def test_a_link_in_the_place_of_a_file_is_refused(owner: Owner, tmp_path: Path) -> None:
    changed(owner)
    elsewhere = tmp_path / "elsewhere.py"
    elsewhere.write_text(owner.read(HANDLERS))
    (owner.project / HANDLERS).unlink()
    (owner.project / HANDLERS).symlink_to(elsewhere)

    with pytest.raises(ScaffoldError, match="is a symbolic link"):
        owner.regenerate()


def test_a_directory_that_leads_out_of_the_project_is_refused(owner: Owner, tmp_path: Path) -> None:
    changed(owner)
    contexts = owner.project / "src/shop/contexts"
    contexts.rename(tmp_path / "contexts")
    contexts.symlink_to(tmp_path / "contexts")

    with pytest.raises(ScaffoldError, match="leaves the project"):
        owner.regenerate()
