"""Which server, which key, which architect: decided from options and environment, before anything is sent."""

from pathlib import Path

import pytest

from saga_scaffold.architect.settings import Architect, Key, choose, settings_from
from saga_scaffold.errors import ScaffoldError

KEY = "sk-1234567890"
OTHER = "http://models.example/v1"


def test_the_default_server_gets_the_default_key() -> None:
    made = settings_from({"OPENAI_API_KEY": KEY})

    assert made.base_url == "https://api.openai.com/v1"
    assert made.key == Key(KEY, "OPENAI_API_KEY")
    assert made.host == "api.openai.com"


def test_the_own_key_comes_first_everywhere() -> None:
    environ = {"OPENAI_API_KEY": "sk-default", "SAGA_SCAFFOLD_API_KEY": KEY}

    assert settings_from(environ).key == Key(KEY, "SAGA_SCAFFOLD_API_KEY")
    assert settings_from(environ, base_url=OTHER).key == Key(KEY, "SAGA_SCAFFOLD_API_KEY")


@pytest.mark.parametrize("url", [OTHER, "http://api.openai.com/v1", "https://api.openai.com.example/v1"])
def test_another_server_never_gets_the_default_key(url: str) -> None:
    made = settings_from({"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": url})

    assert made.key == Key("no-key-needed")
    assert made.withheld_key


def test_another_server_gets_the_default_key_when_told_so() -> None:
    made = settings_from({"OPENAI_API_KEY": KEY}, base_url=OTHER, send_default_key=True)

    assert made.key == Key(KEY, "OPENAI_API_KEY")
    assert not made.withheld_key


@pytest.mark.parametrize(
    "url", ["http://localhost:11434/v1", "http://127.0.0.1:8000/v1", "http://[::1]:1234/v1", OTHER]
)
def test_a_server_without_keys_gets_a_placeholder(url: str) -> None:
    made = settings_from({}, base_url=url)

    assert made.key is not None
    assert made.key.is_placeholder


def test_the_default_server_without_a_key_has_none() -> None:
    assert settings_from({"OPENAI_API_KEY": "  "}).key is None


def test_a_regional_server_of_openai_gets_the_default_key() -> None:
    made = settings_from({"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "https://eu.api.openai.com/v1/"})

    assert made.key == Key(KEY, "OPENAI_API_KEY")
    assert made.base_url == "https://eu.api.openai.com/v1"


def test_an_option_comes_before_the_environment() -> None:
    environ = {"OPENAI_BASE_URL": "http://one/v1", "SAGA_SCAFFOLD_MODEL": "one"}
    made = settings_from(environ, base_url="http://two/v1", model="two")

    assert (made.host, made.model) == ("two", "two")
    assert settings_from(environ).model == "one"


@pytest.mark.parametrize("key", ["sk-“1234”", "sk-12\n34", "sk 1234", "sk-ключ"])
def test_a_key_that_cannot_be_a_key_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ScaffoldError) as raised:
        settings_from({"OPENAI_API_KEY": key})

    assert raised.value.problem == (
        "the key in OPENAI_API_KEY holds characters that no key has, such as spaces, line breaks or curly quotes"
    )
    assert raised.value.hint == "copy the key again and set OPENAI_API_KEY to it, without quotes around it"


@pytest.mark.parametrize(
    "url", ["localhost:11434/v1", "ftp://models/v1", "http://", "http://[::1/v1", "http://a:99999/v1"]
)
def test_an_address_that_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(ScaffoldError) as raised:
        settings_from({}, base_url=url)

    assert raised.value.problem == f"the address of the model server is not a URL: `{url}` from --base-url"
    assert raised.value.hint == "write it with its scheme and its path, for example `http://localhost:11434/v1`"


def test_a_password_in_an_address_is_not_shown() -> None:
    made = settings_from({}, base_url="http://me:secret@models.example:8080/v1")

    assert made.host == "models.example:8080"
    assert made.shown_url == "http://models.example:8080/v1"
    with pytest.raises(ScaffoldError) as raised:
        settings_from({}, base_url="ftp://me:secret@models.example/v1")
    assert "secret" not in raised.value.problem


def test_auto_is_offline_without_a_key_and_without_a_server() -> None:
    assert choose(Architect.AUTO, {}) is Architect.OFFLINE
    assert choose(Architect.AUTO, {"OPENAI_API_KEY": " "}) is Architect.OFFLINE


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "SAGA_SCAFFOLD_API_KEY", "OPENAI_BASE_URL"])
def test_auto_takes_the_model_when_a_key_or_a_server_is_set(name: str) -> None:
    assert choose(Architect.AUTO, {name: "x"}) is Architect.OPENAI


def test_auto_takes_the_model_for_an_address_and_for_a_recording() -> None:
    assert choose(Architect.AUTO, {}, base_url=OTHER) is Architect.OPENAI
    assert choose(Architect.AUTO, {}, replay=Path("answers")) is Architect.OPENAI


@pytest.mark.parametrize("wanted", [Architect.OFFLINE, Architect.OPENAI])
def test_what_was_wanted_is_what_happens(wanted: Architect) -> None:
    assert choose(wanted, {"OPENAI_API_KEY": KEY}) is wanted
    assert choose(wanted, {}) is wanted
