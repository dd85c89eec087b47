"""From all that was found to a draft: the carrier that tells most steps, completed by what the others say."""

import re
from collections.abc import Sequence

from saga_scaffold.architecture.draft import SagaDraft, StepDraft
from saga_scaffold.architecture.evidence import policy
from saga_scaffold.architecture.evidence.arrows import arrow_steps
from saga_scaffold.architecture.evidence.asides import with_asides
from saga_scaffold.architecture.evidence.blocks import block_steps
from saga_scaffold.architecture.evidence.catalogue import with_catalogue
from saga_scaffold.architecture.evidence.continued import continued
from saga_scaffold.architecture.evidence.ends import ends
from saga_scaffold.architecture.evidence.failure_paths import with_failure_paths
from saga_scaffold.architecture.evidence.flows import flow_steps
from saga_scaffold.architecture.evidence.forks import states_of
from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.groups import groups
from saga_scaffold.architecture.evidence.join import join, merge, without_undos
from saga_scaffold.architecture.evidence.known import Known
from saga_scaffold.architecture.evidence.listed_events import with_listed_events
from saga_scaffold.architecture.evidence.listed_limits import with_listed_limits
from saga_scaffold.architecture.evidence.machine import machine_steps
from saga_scaffold.architecture.evidence.message_table import message_table_steps
from saga_scaffold.architecture.evidence.normal import normal_lines
from saga_scaffold.architecture.evidence.order import in_order
from saga_scaffold.architecture.evidence.paragraphs import paragraph_steps
from saga_scaffold.architecture.evidence.parallel import parallel_steps
from saga_scaffold.architecture.evidence.rows import rows, tables_of_undos
from saga_scaffold.architecture.evidence.sentences import sentence_steps
from saga_scaffold.architecture.evidence.sequence import sequence_steps
from saga_scaffold.architecture.evidence.split_tables import split_table_steps
from saga_scaffold.architecture.evidence.spread import spread
from saga_scaffold.architecture.evidence.steps import draft_of_step, fields_in
from saga_scaffold.architecture.evidence.tables import steps_of, tables
from saga_scaffold.architecture.evidence.tokens import plain, tokens
from saga_scaffold.architecture.evidence.told_order import in_told_order
from saga_scaffold.architecture.evidence.undo_pairs import listed_undos, undo_pairs
from saga_scaffold.spec import naming


def draft_of(text: str) -> SagaDraft:
    """What a document states."""
    lines = normal_lines(text)
    found = _steps(lines)
    _complete(found, lines)
    drafts = [draft_of_step(one) for one in found]
    drafts = in_order(_said_of_several(drafts, lines), found, lines)
    ended = ends(lines, {draft.state for draft in drafts if draft.state})
    return SagaDraft(
        title=_title(lines),
        steps=tuple(drafts),
        input=fields_in(_label(lines, r"input")) or (),
        deadline=policy.duration(_label(lines, r"(?:saga )?deadline") or ""),
        completed=ended.completed,
        compensated=ended.compensated,
        snapshot_every=policy.snapshot_every(lines),
        partition_key=policy.partition_key(lines),
    )


def _said_of_several(drafts: list[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """The drafts with what sentences, lists and rows about the whole saga say of them."""
    told = with_listed_limits(with_failure_paths(drafts, lines), lines)
    return with_asides(spread(told, lines), lines)


def _steps(lines: Sequence[str]) -> list[Found]:
    """The steps of the carrier that tells most of them in most detail, with what the other carriers tell of them."""
    undoing = set(tables_of_undos(lines))
    tabled = max(
        (list(steps_of(one)) for one in tables(lines) if one.holds_steps and one.line not in undoing),
        key=_detail,
        default=[],
    )
    carriers = [
        list(groups(lines)),
        tabled,
        arrow_steps(lines),
        parallel_steps(lines),
        block_steps(lines),
        machine_steps(lines),
        sequence_steps(lines),
        message_table_steps(lines),
        sentence_steps(lines),
        paragraph_steps(lines),
        split_table_steps(lines),
        flow_steps(lines),
    ]
    found, *others = sorted(carriers, key=_detail, reverse=True)
    found = continued(found, others, lines) if found else []
    for carrier in others:
        merge(found, carrier)
    return in_told_order(without_undos(found), lines)


def _detail(steps: list[Found]) -> int:
    """How much the steps of a carrier say; a state alone tells no more than the step itself."""
    return sum(1 + len(step.said.keys() - {"state"}) for step in steps) if len(steps) > 1 else len(steps)


def _complete(found: list[Found], lines: Sequence[str]) -> None:
    """What the document says elsewhere of steps that are known."""
    join(found, rows(lines))
    for of, undo in undo_pairs(lines):
        for step in _meant(found, of):
            step.say("undo", undo)
    listed = listed_undos(lines)
    if len(listed) == len(found) and not any("undo" in step.said for step in found):
        for step, undo in zip(found, listed, strict=True):
            step.say("undo", undo)
    states_of(found, lines)
    with_listed_events(found, lines)
    with_catalogue(found, lines)


def _meant(found: list[Found], text: str) -> list[Found]:
    """The steps that an item names: by command, by title, by number."""
    names = {naming.same_words(token.text) for token in tokens(text)} | {naming.same_words(plain(text))}
    by_name = [step for step in found if names & {naming.same_words(one) for one in _names(step)}]
    return by_name or [found[place] for place in Known(found).numbered(text)]


def _names(step: Found) -> list[str]:
    return [step.title, *(token.text for token in tokens(step.said.get("command", "")))]


def _label(lines: Sequence[str], name: str) -> str | None:
    """The value of a label of the whole saga."""
    pattern = re.compile(rf"^\s*[-*]?\s*\**{name}\**\s*:\**\s*(.+)$", re.IGNORECASE)
    return next((found[1] for line in lines if (found := pattern.match(line))), None)


def _title(lines: Sequence[str]) -> str | None:
    for line in lines:
        heading = re.match(r"^#{1,3}\s+(.+)$", line)
        if heading and not re.search(r"orchestrat|context|state|^\W*\d", heading[1], re.IGNORECASE):
            title = re.sub(
                r"^(?:architectur\w*( specification)?|saga|design)\s*[:–—-]\s*",
                "",
                plain(heading[1]),
                flags=re.IGNORECASE,
            )
            return re.split(r"\s[–—:-]\s|: ", title)[0].strip()[:80] or None
    block = re.search(
        r"^\s*\"?saga(?:[_ ]?name)?\"?\s*:\s*[\"']?([A-Za-z][\w-]+)[\"']?,?\s*$", "\n".join(lines), re.M | re.I
    )
    if block:
        return block[1]
    saga = re.search(r"(?:saga(?: type)?)\W{1,8}`([A-Za-z]\w+)`|`([A-Z]\w+Saga)`", "\n".join(lines), re.IGNORECASE)
    return (saga[1] or saga[2]) if saga else None
