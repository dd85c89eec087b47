"""PostgreSQL only: its schema, commits whose outcome is unknown, and what is said when it cannot be used."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, Never

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from servers.postgres import Postgres
from servers.proxy import Line
from sqlalchemy import Connection, MetaData, make_url

import runtime.postgres
from runtime.errors import Refused
from runtime.event_store import models, postgres
from runtime.event_store.postgres import PostgresStore
from runtime.event_store.store import Alive, Appended, Batch, Fenced, NewEvent, OutcomeUnknown, StoreUnavailable
from runtime.participant import models as participant_models
from runtime.participant.barrier import MIGRATIONS as PARTICIPANT
from runtime.postgres import Place, bring_up_to_date, check_up_to_date, place

pytestmark = pytest.mark.slow


@asynccontextmanager
async def a_store(url: str) -> AsyncIterator[PostgresStore]:
    where = place(url, "DATABASE_URL")
    await postgres.prepare(where)
    store = await postgres.open_store(where)
    await store.create_shards(4)
    try:
        yield store
    finally:
        await store.close()


def batch(epoch: int, head: int, saga_id: str) -> Batch:
    return Batch(1, epoch, head, 0.0, 0, {}, [started(saga_id)])


def started(saga_id: str) -> NewEvent:
    return NewEvent(saga_id, 1, "StepStarted", 1, "{}", None, 1.0)


async def somebody_waits_for(other: asyncpg.Connection) -> None:
    """Returns once a statement waits for a lock that `other` has, or has asked for before."""
    blocked = "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    while not await other.fetchval(blocked):
        await asyncio.sleep(0.02)


async def until_it_loses_a_deadlock(url: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Work on shards 1 and 2, again until it meets a deadlock that it loses.

    Whoever looks for one first while there is one loses. On a slow machine that may be the other side.
    """
    other = await place(f"{url}&deadlock_timeout=20s", "DATABASE_URL").connect()
    lost = False
    while not lost:
        transaction = other.transaction()
        await transaction.start()
        await other.execute("SELECT FROM shard WHERE id = 2 FOR UPDATE")
        working = asyncio.create_task(work())
        await somebody_waits_for(other)
        with suppress(asyncpg.DeadlockDetectedError):
            await other.execute("SELECT FROM shard WHERE id = 1 FOR UPDATE")
            lost = True
        await transaction.rollback()
        await working
    await other.close()


@pytest.mark.parametrize(
    ("migrations", "metadata"),
    [(postgres.MIGRATIONS, models.Table.metadata), (PARTICIPANT, participant_models.Table.metadata)],
    ids=["event store", "participant"],
)
def test_the_migrations_make_exactly_the_models(schema_url: str, migrations: Path, metadata: MetaData) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async def story() -> None:
        where = place(schema_url, "DATABASE_URL")
        await asyncio.gather(*(bring_up_to_date(where, migrations, metadata) for _ in range(4)))
        async with where.engine().connect() as connection:
            assert await connection.run_sync(differences) == []

    asyncio.run(story())


def test_a_commit_that_was_not_heard_of_may_have_happened(postgres_url: str, schema_url: str) -> None:
    """The statement arrives, its answer does not: under a new epoch the shard shows what became of it."""

    async def story() -> None:
        url = make_url(schema_url)
        line = Line(url.port or 5432)
        await line.open()
        async with a_store(url.set(port=line.port).render_as_string(hide_password=False)) as store:
            beside = await place(schema_url, "DATABASE_URL").connect()
            (taken,) = await store.take([1], "me", 60)
            await store.append([batch(taken.epoch, 0, "1.0")])
            line.swallow_answers()
            appending = asyncio.create_task(store.append([batch(taken.epoch, 1, "1.1")]))
            while await beside.fetchval("SELECT head FROM shard WHERE id = 1") < 2:
                await asyncio.sleep(0.02)
            line.cut()
            with pytest.raises(OutcomeUnknown, match=r"^\w+: .*connection"):
                await appending
            with pytest.raises(StoreUnavailable, match=r"^DATABASE_URL: "):
                await store.take([1], "me", 60)
            line.mend()
            (again,) = await store.take([1], "me", 60)
            assert (again.epoch, again.head) == (taken.epoch + 1, 2)
            assert await store.append([batch(taken.epoch, 1, "1.1")]) == [Fenced()]
            assert [event.seq for event in await store.history("1.1")] == [1]
            await beside.close()
        await line.close()

    asyncio.run(asyncio.wait_for(story(), 120))


def test_taking_a_shard_waits_for_the_commit_that_is_under_way(schema_url: str) -> None:
    async def story() -> None:
        async with a_store(schema_url) as store:
            (taken,) = await store.take([1], "me", 0)
            other = await place(schema_url, "DATABASE_URL").connect()
            transaction = other.transaction()
            await transaction.start()
            await other.execute("UPDATE shard SET head = head + 1 WHERE id = 1")
            taking = asyncio.create_task(store.take([1], "them", 60))
            await somebody_waits_for(other)
            assert not taking.done()
            await transaction.commit()
            assert [(one.epoch, one.head) for one in await taking] == [(taken.epoch + 1, 1)]
            await other.close()

    asyncio.run(asyncio.wait_for(story(), 120))


def test_of_two_that_wait_for_each_other_the_append_begins_again(schema_url: str) -> None:
    async def story() -> None:
        async with a_store(schema_url) as store:
            taken, heads = await store.take([1, 2], "me", 60), count()

            async def append() -> None:
                head = next(heads)
                both = [
                    Batch(one.shard, one.epoch, head, 0.0, 0, {}, [started(f"{one.shard}.{head}")]) for one in taken
                ]
                assert await store.append(both) == [Appended(head + 1), Appended(head + 1)]

            await until_it_loses_a_deadlock(schema_url, append)

    asyncio.run(asyncio.wait_for(story(), 300))


def test_an_append_that_is_given_up_does_not_get_in_the_way_of_the_next(schema_url: str) -> None:
    async def story() -> None:
        async with a_store(schema_url) as store:
            (taken,) = await store.take([1], "me", 60)
            other = await place(schema_url, "DATABASE_URL").connect()
            transaction = other.transaction()
            await transaction.start()
            await other.execute("SELECT FROM shard WHERE id = 1 FOR UPDATE")
            appending = asyncio.create_task(store.append([batch(taken.epoch, 0, "1.1")]))
            await somebody_waits_for(other)
            appending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await appending
            assert await asyncio.wait_for(store.now(), 60) > 0
            await transaction.rollback()
            (again,) = await store.take([1], "me", 60)
            assert await store.append([batch(again.epoch, again.head, "1.2")]) == [Appended(again.head + 1)]
            await other.close()

    asyncio.run(asyncio.wait_for(story(), 120))


def test_a_statement_that_the_server_does_not_know_has_an_unknown_outcome_and_leaves_no_trace(schema_url: str) -> None:
    async def story() -> None:
        async with a_store(schema_url) as store:
            (taken,) = await store.take([1], "me", 60)
            other = await place(schema_url, "DATABASE_URL").connect()
            await other.execute("ALTER TABLE saga RENAME TO hidden")
            with pytest.raises(OutcomeUnknown, match=r"^UndefinedTableError: "):
                await store.append([batch(taken.epoch, 0, "1.1")])
            await other.execute("ALTER TABLE hidden RENAME TO saga")
            assert await store.append([batch(taken.epoch, 0, "1.2")]) == [Appended(1)]
            assert await store.history("1.1") == []
            await other.close()

    asyncio.run(asyncio.wait_for(story(), 120))


def test_a_connection_that_the_server_has_closed_is_opened_again(schema_url: str) -> None:
    async def story() -> None:
        async with a_store(schema_url) as store:
            (taken,) = await store.take([1], "me", 60)
            own = await store._own_connection()
            assert await store._own_connection() is own
            other = await place(schema_url, "DATABASE_URL").connect()
            await other.execute("SELECT pg_terminate_backend($1)", own.get_server_pid())
            while not own.is_closed():
                await asyncio.sleep(0.01)
            assert await store.append([batch(taken.epoch, 0, "1.1")]) == [Appended(1)]
            await other.close()

    asyncio.run(asyncio.wait_for(story(), 120))


def test_a_store_that_is_closed_leaves_no_connection_behind(schema_url: str) -> None:
    async def story() -> None:
        other = await place(schema_url, "DATABASE_URL").connect()
        async with a_store(schema_url) as store:
            own = await store._own_connection()
            pid = own.get_server_pid()
        async with asyncio.timeout(60):
            while await other.fetchval("SELECT count(*) FROM pg_stat_activity WHERE pid = $1", pid):
                await asyncio.sleep(0.01)
        await other.close()

    asyncio.run(asyncio.wait_for(story(), 120))


@pytest.mark.parametrize(
    ("trouble", "told"), [(TimeoutError(), "TimeoutError"), (OSError("no route to host"), "no route to host")]
)
def test_a_database_that_is_away_is_named_with_its_setting_and_what_is_wrong(
    schema_url: str, monkeypatch: pytest.MonkeyPatch, trouble: Exception, told: str
) -> None:
    async def away(where: Place) -> Never:
        raise trouble

    async def story() -> None:
        async with a_store(schema_url) as store:
            await store.close()
            monkeypatch.setattr(Place, "connect", away)
            with pytest.raises(StoreUnavailable) as unavailable:
                await store.append([batch(1, 0, "1.1")])
            assert str(unavailable.value) == f"DATABASE_URL: {told}"

    asyncio.run(asyncio.wait_for(story(), 120))


def test_a_reader_sees_every_commit_while_other_transactions_stay_open(schema_url: str) -> None:
    """Positions are given out by the fence row, so within a shard none becomes visible after a later one."""

    async def story() -> None:
        async with a_store(schema_url) as store, a_store(schema_url) as reader:
            (taken,) = await store.take([1], "me", 60)
            idle = await place(schema_url, "DATABASE_URL").connect()
            open_since = idle.transaction()
            await open_since.start()
            await idle.execute(
                "INSERT INTO operator_action (saga_id, verb, by, why, outcome, at) VALUES ('','','','','',0)"
            )
            seen = 0
            for head in range(50):
                event = NewEvent(f"1.{head}", 1, "StepStarted", 1, "{}", "[1]", 1.0)
                await store.append([Batch(1, taken.epoch, head, 1e12, 0, {}, [event])])
                found = [position for position, _ in await reader.outbox(1, seen)]
                assert found == [seen + 1]
                seen = found[-1]
            await open_since.rollback()
            await idle.close()

    asyncio.run(asyncio.wait_for(story(), 120))


def test_after_a_crash_of_the_server_what_was_acknowledged_is_there(own_postgres: Postgres) -> None:
    async def story() -> None:
        async with a_store(own_postgres.url()) as store:
            (taken,) = await store.take([1], "me", 60)
            for head in range(20):
                assert await store.append([batch(taken.epoch, head, f"1.{head}")]) == [Appended(head + 1)]
            await asyncio.to_thread(own_postgres.crash)
            (again,) = await store.take([1], "me", 60)
            assert again.head == 20
            assert await store.append([batch(again.epoch, 20, "1.20")]) == [Appended(21)]

    asyncio.run(asyncio.wait_for(story(), 300))


def test_whoever_loses_a_deadlock_asks_again(schema_url: str) -> None:
    async def story() -> None:
        async with a_store(schema_url) as store:

            async def take() -> None:
                assert [one.shard for one in await store.take([1, 2], "me", 60)] == [1, 2]

            await until_it_loses_a_deadlock(schema_url, take)

    asyncio.run(asyncio.wait_for(story(), 300))


def test_nodes_know_of_each_other_and_of_whose_shard_is_whose(schema_url: str) -> None:
    async def story() -> None:
        async with a_store(schema_url) as store:
            assert await store.announce(Alive("a", 1), 60) == [Alive("a", 1)]
            assert await store.announce(Alive("b", 2), 60) == [Alive("a", 1), Alive("b", 2)]
            await store.take([0, 1], "a", 60)
            await store.take([2], "b", 0)
            assert await store.owners() == {0: "a", 1: "a"}
            await store.leave("a")
            assert await store.announce(Alive("b", 2), 60) == [Alive("b", 2)]

    asyncio.run(asyncio.wait_for(story(), 120))


def refusal_of(where: Place) -> Refused:
    async def attempt() -> None:
        await check_up_to_date(where, postgres.MIGRATIONS)

    with pytest.raises(Refused) as refusal:
        asyncio.run(attempt())
    return refusal.value


def test_a_database_that_is_not_there_is_named_with_its_setting(postgres_url: str) -> None:
    url = make_url(postgres_url).set(database="nowhere").render_as_string(hide_password=False)
    refused = refusal_of(place(url, "DATABASE_URL"))
    assert refused.problem.startswith('DATABASE_URL: database "nowhere" does not exist')
    assert refused.hint == "create it with `createdb nowhere`, or name another one"


def test_a_schema_without_tables_is_named_with_what_to_run(schema_url: str) -> None:
    where = place(schema_url, "INVENTORY_DATABASE_URL")
    refused = refusal_of(where)
    assert refused.problem == (f"INVENTORY_DATABASE_URL: the schema {where.schema} of {where.shown} has no tables yet")
    assert refused.hint == "run `db upgrade`"


async def at_version(where: Place, version: str) -> None:
    connection = await where.connect()
    await connection.execute("UPDATE alembic_version SET version_num = $1", version)
    await connection.close()


def test_tables_of_a_newer_program_are_used_as_they_are(schema_url: str, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        where = place(schema_url, "DATABASE_URL")
        await postgres.prepare(where)
        await at_version(where, "9999")
        await postgres.prepare(where)
        async with a_store(schema_url) as store:
            assert len(await store.take(range(4), "me", 60)) == 4

    asyncio.run(story())
    assert "the tables are at version 9999, which is newer than this program" in caplog.text


def test_tables_that_no_program_of_ours_has_made_are_refused(schema_url: str) -> None:
    async def story() -> None:
        where = place(schema_url, "DATABASE_URL")
        await postgres.prepare(where)
        await at_version(where, "0000")
        await postgres.prepare(where)

    with pytest.raises(Refused) as refusal:
        asyncio.run(story())
    assert refusal.value.problem.endswith("the tables are at version 0000, which this program does not know")
    assert refusal.value.problem.startswith("DATABASE_URL: in the schema ")


def test_a_server_that_does_not_answer_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime.postgres, "PATIENCE", 0.1)
    refused = refusal_of(place("postgresql://ada:secret@127.0.0.1:1/orders", "DATABASE_URL"))
    assert refused.problem.startswith("DATABASE_URL: postgresql://ada:***@127.0.0.1:1/orders does not answer")
    assert "secret" not in refused.problem


def test_a_server_that_takes_too_long_is_said_to_do_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async def late(where: Place) -> Never:
        raise TimeoutError

    monkeypatch.setattr(runtime.postgres, "PATIENCE", 0.0)
    monkeypatch.setattr(Place, "connect", late)
    assert refusal_of(place("postgresql://ada@10.0.0.1/orders", "DATABASE_URL")).problem == (
        "DATABASE_URL: postgresql://ada@10.0.0.1/orders does not answer: TimeoutError"
    )


def test_a_wrong_password_is_named(own_postgres: Postgres) -> None:
    own_postgres.ask_for_passwords()
    refused = refusal_of(place(own_postgres.url().replace("postgres@", "postgres:wrong@"), "DATABASE_URL"))
    assert refused.problem.startswith('DATABASE_URL: password authentication failed for user "postgres"')
    assert refused.hint == "check user and password"


def test_a_schema_with_a_strange_name_is_refused() -> None:
    with pytest.raises(Refused, match=r"'a\"b' cannot be the name of a schema"):
        place('postgresql://localhost/orders?schema=a"b', "DATABASE_URL")
