"""Exports a comparison: JSON with every figure of every run, or Markdown. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from zaguan_tui.state.chat.message import Message, Receipt
from zaguan_tui.state.chat.prompt_request import ModelTarget, target_key
from zaguan_tui.state.comparison.ranking import Column, PriceOf, RankingInput, RankingRow, rank_targets
from zaguan_tui.state.comparison.setup import count_votes, read_setup, targets_of, vote_of
from zaguan_tui.state.conversations.conversation import Conversation, Turn, answers_of
from zaguan_tui.state.conversations.rows import to_stored
from zaguan_tui.text import format as figures
from zaguan_tui.text.sanitize import clean_line

FORMAT: Final = "zaguan comparison 1"
HEADINGS: Final = (
    *("", "model", "runs", "TTFT p50", "p95", "tok/s p50", "p95", "tokens", "credits", "failed", "votes"),
)


def comparison_json(comparison: Conversation, price: PriceOf) -> str:
    """The comparison as one JSON object: how it was asked, and for each prompt ranking and answers."""
    setup = read_setup(comparison.setup)
    value = {
        "format": FORMAT,
        "id": comparison.id,
        "title": comparison.title,
        "created_at": comparison.created_at.isoformat(),
        "system_prompt": comparison.system_prompt,
        "params": dict(comparison.params),
        **setup.written(),
        "prompts": [_prompt(comparison, turn, price) for turn in comparison.turns],
    }
    return json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"


def comparison_markdown(comparison: Conversation, price: PriceOf) -> str:
    """The comparison to read: for each prompt the ranking as a table, and what every lane said."""
    lines = [f"# {clean_line(comparison.title)}", ""]
    lines += [f"- begun: {comparison.created_at:%Y-%m-%d %H:%M} UTC"]
    lines += [f"- parameters: `{json.dumps(dict(comparison.params), default=str)}`"]
    if comparison.system_prompt.strip():
        lines += ["- system prompt:", "", *_quote_lines(comparison.system_prompt)]
    for number, turn in enumerate(comparison.turns, start=1):
        lines += ["", f"## Prompt {number}", "", *_quote_lines(turn.prompt.text)]
        lines += [f"> (with {clean_line(one.name)})" for one in turn.prompt.attachments]
        lines += ["", *_table(ranking_of(comparison, turn, price), targets_of(turn)), ""]
        for lane in targets_of(turn):
            for answer in answers_of(turn, target_key(lane)):
                lines += [
                    f"### {_lane_words(lane)}, run {answer.run}",
                    "",
                    *_quote_lines(_quote_answer(answer)),
                ]
                lines += ["", f"*{_describe_outcome(answer)}*", ""]
    return "\n".join(lines).rstrip() + "\n"


def ranking_of(comparison: Conversation, turn: Turn, price: PriceOf) -> list[RankingRow]:
    """The ranking of one prompt by time to first token."""
    votes, polls = count_votes(comparison.turns)
    entries = []
    for lane in targets_of(turn):
        key = target_key(lane)
        answers = answers_of(turn, key)
        entries.append(RankingInput(key, answers, len(answers), votes=votes.get(key, 0), polls=polls))
    return rank_targets(entries, Column.TTFT, price)


def _prompt(comparison: Conversation, turn: Turn, price: PriceOf) -> dict[str, Any]:
    lanes = {target_key(lane): lane for lane in targets_of(turn)}
    vote = vote_of(turn)
    return {
        "prompt": turn.prompt.text,
        "attachments": [one.name for one in turn.prompt.attachments],
        "at": turn.prompt.at.isoformat(),
        "vote": _lane_facts(lanes[vote]) if vote is not None else None,
        "ranking": [_ranking_facts(row, lanes[row.key]) for row in ranking_of(comparison, turn, price)],
        "answers": [_answer(answer) for lane in lanes for answer in answers_of(turn, lane)],
    }


def _ranking_facts(row: RankingRow, lane: ModelTarget) -> dict[str, Any]:
    ranked = asdict(row)
    del ranked["key"]
    return {**_lane_facts(lane), **ranked, "endings": dict(row.endings)}


def _lane_facts(lane: ModelTarget) -> dict[str, str]:
    return {"model": lane.model, "dialect": lane.dialect.value}


def _answer(answer: Message) -> dict[str, Any]:
    return {
        "model": answer.model,
        "dialect": answer.dialect.value,
        "run": answer.run,
        "answered_by": answer.answered_by,
        "text": answer.text,
        "reasoning": answer.reasoning,
        "refusal": answer.refusal,
        "tool_calls": [asdict(call) for call in answer.tool_calls],
        "images": [asdict(image) for image in answer.attachments],
        "citations": [asdict(citation) for citation in answer.citations],
        "status": answer.status.value,
        "ending": answer.ending.value if answer.ending is not None else None,
        "finish_reason": answer.finish_reason,
        "problem": answer.problem.sentence if answer.problem is not None else None,
        "usage": to_stored(answer.usage) if answer.usage is not None else None,
        "timings": to_stored(answer.timings) if answer.timings is not None else None,
        "request_id": answer.request_id,
        "attempts": answer.attempts,
        "receipt": _receipt(answer.receipt),
        "chosen": answer.chosen,
        "params": dict(answer.params),
        "notes": list(answer.notes),
    }


def _receipt(receipt: Receipt | None) -> Mapping[str, Any] | None:
    if receipt is None:
        return None
    return asdict(receipt) | {"at": receipt.at.isoformat() if receipt.at is not None else None}


def _table(rows: Sequence[RankingRow], lanes: Sequence[ModelTarget]) -> list[str]:
    names = {target_key(lane): _lane_words(lane) for lane in lanes}
    lines = [_line(HEADINGS), _line(["---"] * len(HEADINGS))]
    for place, row in enumerate(rows, start=1):
        about = "~" if row.credits_estimated else ""
        lines.append(
            _line(
                (
                    str(place),
                    names[row.key],
                    f"{row.done}/{row.planned}",
                    figures.latency(row.ttft_p50),
                    figures.latency(row.ttft_p95),
                    _pace(row.pace_p50),
                    _pace(row.pace_p95),
                    ("~" if row.tokens_estimated else "") + figures.compact(row.tokens),
                    about + figures.credits(row.credits),
                    f"{row.failed} of {row.counted}" if row.counted else "–",
                    f"{row.votes} of {row.polls}" if row.polls else "–",
                )
            )
        )
    return lines


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _pace(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _lane_words(lane: ModelTarget) -> str:
    return f"{clean_line(lane.model)} ({lane.dialect.value})"


def _quote_answer(answer: Message) -> str:
    calls = [f"→ {call.name} {call.arguments}" for call in answer.tool_calls]
    return "\n".join([*([text] if (text := answer.text or answer.refusal) else []), *calls]) or "(nothing)"


def _describe_outcome(answer: Message) -> str:
    timings, usage = answer.timings, answer.usage
    parts = [answer.ending.value if answer.ending is not None else answer.status.value]
    if timings is not None:
        parts += [f"first token {figures.latency(timings.ttft_s)}", f"{_pace(timings.tokens_per_s)} tok/s"]
    if usage is not None:
        parts.append(
            f"{figures.compact(usage.prompt_tokens)} in, {figures.compact(usage.completion_tokens)} out"
        )
    if answer.request_id is not None:
        parts.append(f"request {clean_line(answer.request_id)}")
    if answer.chosen:
        parts.append("voted for")
    if answer.problem is not None:
        parts.append(clean_line(answer.problem.sentence))
    return " · ".join(parts)


def _quote_lines(text: str) -> list[str]:
    return [f"> {line}".rstrip() for line in text.splitlines()] or [">"]
