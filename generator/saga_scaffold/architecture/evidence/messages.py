"""Which messages a label names: a command, the events of success and failure, each with its topic."""

import re

from saga_scaffold.architecture.draft import MessageDraft
from saga_scaffold.architecture.evidence.outcomes import split_events
from saga_scaffold.architecture.evidence.tokens import Token, is_event, is_nothing, plain, says_failure, tokens
from saga_scaffold.spec import naming


def message_of(text: str | None, topic_text: str | None) -> MessageDraft | None:
    told = tokens(text or "")
    name = next((token.text for token in told if token.is_name), None)
    if name is None and topic_of(topic_text):
        name = next((token.text for token in told if token.is_topic), None)
    topic = topic_of(topic_text) or next((token.text for token in told if token.is_topic and token.text != name), None)
    if name is None and text and not topic and not is_nothing(text):
        word = plain(text).split()[0].strip(",.;") if plain(text) else ""
        name = word if re.fullmatch(r"[A-Za-z]\w+", word) and len(plain(text).split()) == 1 else None
    if name is None and topic is None:
        return None
    return MessageDraft(name or topic, topic)


def topic_of(text: str | None) -> str | None:
    """The topic that a text names, as it is written."""
    told = tokens(text or "")
    named = [token.text for token in told if token.is_topic] or [token.text for token in told if token.marked]
    if named:
        return named[0]
    bare = plain(text or "")
    return bare if bare and naming.is_topic(bare.replace("/", ".")) and not is_nothing(bare) else None


def events_of(said: dict[str, str], asked: str) -> tuple[MessageDraft | None, tuple[MessageDraft, ...]]:
    topic = topic_of(said.get("success topic")) or _only_topic(said.get("event topic"))
    good, bad = split_events(said.get("events", ""), asked)
    topics_told = [name for name in (*good, *bad) if Token(name, False).is_topic]
    if topic is None and len(topics_told) == 1 and len({*good, *bad} - {*topics_told}) > 1:
        topic = topics_told[0]
    paired = _paired(said.get("event topic", "") + " " + said.get("events", ""))
    success = event_of(said.get("success") or said.get("success topic"), topic)
    if success is None and paired:
        told_good = [one for one in paired if not says_failure(one.name or "")]
        told_bad = tuple(one for one in paired if says_failure(one.name or ""))
        return (told_good[0] if told_good else None), told_bad
    if success is None and good:
        names = [name for name in good if name not in topics_told] or good
        beside = names[0] if names[0] in topics_told else next((one for one in topics_told if one != names[0]), None)
        success = MessageDraft(names[0], topic or beside)
    if success is None and "event topic" in said:
        good, bad_topics = split_events(said["event topic"], asked)
        success = _named_topic(said["event topic"], good)
        bad = bad or bad_topics
    told = said.get("failure") or said.get("failure topic")
    failures = (
        [] if told is None or is_nothing(told) else [event_of(told, topic_of(said.get("failure topic")) or topic)]
    )
    if not failures:
        failures = [MessageDraft(name, name if Token(name, False).is_topic else topic) for name in bad]
    return success, tuple(one for one in failures if one is not None)


def _paired(text: str) -> list[MessageDraft]:
    """`**topic** (`Name`)`: a topic with the name of what is published on it."""
    pairs = re.findall(r"[*`]{0,4}([\w.-]+)[*`]{1,4}\s*\(\s*[*`]{0,3}([A-Za-z]\w+)[*`]{0,3}\s*\)", text)
    return [MessageDraft(name, topic) for topic, name in pairs if Token(topic, True).is_topic]


def _named_topic(text: str, good: list[str]) -> MessageDraft | None:
    names = [name for name in good if not Token(name, False).is_topic]
    topics = [name for name in good if Token(name, False).is_topic]
    if not names and not topics:
        return None
    only = not names and not is_event(topics[0]) and len(topics) == 1
    return MessageDraft(None if only else (names or topics)[0], topics[0] if topics else None)


def _only_topic(text: str | None) -> str | None:
    told = [token.text for token in tokens(text or "") if token.is_topic]
    return told[0] if len(told) == 1 else topic_of(text) if text and not told else None


def event_of(text: str | None, topic: str | None) -> MessageDraft | None:
    if text is None or is_nothing(text):
        return None
    message = message_of(text, None)
    if message is None:
        return None
    own = None if message.topic == message.name else message.topic
    return MessageDraft(message.name, own or topic or message.topic)
