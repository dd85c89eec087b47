"""Commands as they are typed, beside a running saga and with nothing running."""

import asyncio
import getpass
import io
import json
import os
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from example.app import application

from runtime.application import Application
from runtime.cli import run
from runtime.messaging.broker import Outbound
from runtime.orchestrator.front import Front
from runtime.settings import Settings, database_urls
from runtime.up import everything
from runtime.who import who

Typed = Callable[..., tuple[int, str, str]]
Story = Callable[[Front], Awaitable[None]]
START = application.example.model_dump_json()
GARBLED = Outbound(application.definitions[-1].topics.starts, "", b"\x00\xff", {"type": "?"}, 0)


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Runs a command in a folder of its own; returns its status, and what it wrote to stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def run_it(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["saga", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(application)
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run_it


def while_up(story: Story, what: Application = application) -> None:
    settings = Settings(lease_seconds=0.5)
    urls = database_urls([one.context for one in what.participants], settings.database_url)

    async def tell() -> None:
        async with everything(what, settings, urls) as front:
            await story(front)

    asyncio.run(asyncio.wait_for(tell(), 300))


async def three_sagas(front: Front) -> None:
    """Run three sagas, until the store knows that their last events are published."""
    ids = {(await front.start(application.example)).saga_id for _ in range(3)}
    while not ids <= set(await front._store.closed(1e12, 100)):
        await asyncio.sleep(0.02)


async def until_nothing_is_open(front: Front) -> None:
    while (await front.health()).versions:
        await asyncio.sleep(0.02)


async def until_buried(front: Front, count: int) -> None:
    while (await front.health()).dead_letters < count:
        await asyncio.sleep(0.02)


async def garbled(front: Front) -> None:
    await front._node.broker.publish([GARBLED])
    await until_buried(front, 1)


def test_a_start_waits_for_whoever_runs_next_and_can_be_looked_at(typed: Typed) -> None:
    assert typed("list") == (0, "", "there are no sagas yet\n")
    status, out, err = typed("start", START)
    assert (status, err) == (0, "recorded; nothing runs here now, so the next `up` or `orchestrator` will start it\n")
    saga_id = out.strip()

    assert typed("list") == (0, "", "waiting for the next `up`: 1 request\n")
    assert typed("show", saga_id) == (
        2,
        "",
        f"error: saga {saga_id} is recorded, but has not begun\n\nhint: the next `up` begins it\n",
    )


@pytest.mark.parametrize("id", ["0.ffff", "nonsense", ""])
def test_a_saga_that_nobody_started_is_not_there(typed: Typed, id: str) -> None:
    typed("start", START)

    assert typed("show", id) == (
        2,
        "",
        f"error: there is no saga {id}\n\nhint: list the sagas to see which there are\n",
    )


def test_sagas_are_listed_by_a_state_that_there_is(typed: Typed) -> None:
    while_up(three_sagas)

    assert len(typed("list", "--status", "completed")[1].splitlines()) == 3
    assert typed("list", "--status", "STUCK") == (0, "", "there are no such sagas\n")
    status, out, err = typed("list", "--status", "DONE")
    assert (status, out) == (2, "")
    assert err.startswith("error: 'DONE' is not a state of a saga\n\nhint: name one of RUNNING, COMPENSATING, ")


def test_who_has_no_name_asks_by_number(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr(getpass, "getuser", nameless)

    assert typed("start", START)[0] == 0
    assert who() == f"user {os.getuid()}"


def test_a_terminal_that_lacks_a_sign_is_no_reason_to_fail(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    while_up(three_sagas)
    saga_id = typed("list")[1].split()[0]
    shown = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(shown, encoding="ascii", write_through=True))

    assert typed("show", saga_id)[0] == 0
    assert b"? Started" in shown.getvalue()


async def one_saga(front: Front) -> None:
    await front.start(application.example)


def while_nobody_works(story: Story) -> None:
    while_up(story, replace(application, participants=()))


def test_a_version_is_drained_when_its_last_saga_has_ended(typed: Typed) -> None:
    assert typed("drained", "v1") == (0, "no sagas of v1 are open\n", "")
    while_nobody_works(one_saga)
    assert typed("drained", "v1") == (1, "1 saga of v1 is open\n", "")
    while_up(until_nothing_is_open)
    assert typed("drained", "1") == (0, "no sagas of 1 are open\n", "")


def test_a_version_that_never_was_is_refused(typed: Typed) -> None:
    status, out, err = typed("drained", "v9")

    assert (status, out) == (2, "")
    assert err.startswith("error: there is no version v9\n\nhint: versions that sagas run by: v1")


def test_pruning_forgets_what_ended_and_says_how_many(typed: Typed) -> None:
    while_up(three_sagas)
    assert typed("prune", "--older-than", "1h") == (0, "no saga ended more than 1h ago\n", "")
    assert len(typed("list")[1].splitlines()) == 3
    assert typed("prune", "--older-than", "0s") == (0, "3 sagas forgotten, ended more than 0s ago\n", "")
    assert typed("list") == (0, "", "there are no such sagas\n")
    while_up(three_sagas)


def test_pruning_where_nothing_has_run_makes_no_database(typed: Typed, tmp_path: Path) -> None:
    assert typed("prune", "--older-than", "90d") == (0, "no saga ended more than 90d ago\n", "")
    assert list(tmp_path.iterdir()) == []


def test_an_age_that_is_none_is_refused(typed: Typed) -> None:
    assert typed("prune", "--older-than", "soon") == (
        2,
        "",
        "error: 'soon' is not an age\n\nhint: write a number and one of s, m, h, d, w, as 90d\n",
    )


def test_a_dead_letter_is_listed_and_sent_again_by_the_next_who_runs(typed: Typed) -> None:
    while_up(garbled)
    status, out, _ = typed("dead-letters", "list")
    assert status == 0
    assert re.fullmatch(
        r"orchestrator:1  \d{4}-\d\d-\d\d \d\d:\d\d:\d\d  \S+\.starts\[0\]@0  -  '\?' is nothing .*\n", out
    )
    told = json.loads(typed("dead-letters", "list", "--json")[1])
    assert (told["id"], told["bytes"], told["headers"]) == ("orchestrator:1", 2, {"type": "?"})

    status, out, _ = typed("dead-letters", "redrive", "orchestrator:1")
    waits = "recorded; nothing runs here now, so the next `up` or `orchestrator` will send it"
    assert (status, out) == (0, f"orchestrator:1: {waits}\n")
    assert typed("dead-letters", "list") == (0, "", "")

    while_up(lambda front: until_buried(front, 1))
    assert typed("dead-letters", "list")[1].startswith("orchestrator:2  ")


def test_beside_a_running_orchestrator_letters_are_sent_at_once(typed: Typed) -> None:
    async def story(front: Front) -> None:
        await garbled(front)
        told = await asyncio.to_thread(typed, "dead-letters", "redrive", "--all")
        assert told == (0, "orchestrator:1: sent\n", "")
        await until_buried(front, 1)

    while_up(story)


def test_letters_of_a_bounded_context_are_listed_beside_the_orchestrators(typed: Typed) -> None:
    topic = application.definitions[-1].steps[0].do.topic

    async def story(front: Front) -> None:
        await front._node.broker.publish([Outbound(topic, "", b"{}", {"type": "?"}, 0)])
        while not (await asyncio.to_thread(typed, "dead-letters", "list"))[1].startswith("inventory:1  "):
            await asyncio.sleep(0.05)

    while_up(story)


def test_which_letters_are_meant_has_to_be_said(typed: Typed) -> None:
    while_up(garbled)
    hint = "name them as `dead-letters list` does, or give --all"
    assert typed("dead-letters", "redrive")[2] == f"error: which letters are meant is not said\n\nhint: {hint}\n"
    told = typed("dead-letters", "redrive", "inventory:9")[2]
    hint = "see which there are with `dead-letters list`"
    assert told == f"error: there is no dead letter inventory:9 to be dealt with\n\nhint: {hint}\n"
