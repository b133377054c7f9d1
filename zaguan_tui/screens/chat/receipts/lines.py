"""The lines of a receipt, and the receipt as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from textual.content import Content

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.screens.chat.answers.meter_line import (
    MIN_UNEXPECTED_CREDITS,
    UNEXPECTED_COST_SHARE,
    is_unexpected_cost,
)
from zaguan_tui.state.chat.message import Message, Receipt
from zaguan_tui.state.credits.pricing import CreditRate, cost_of
from zaguan_tui.state.credits.receipts import WAITS_S, ReceiptSearch
from zaguan_tui.state.models.entry import ModelEntry
from zaguan_tui.text.format import clock, count, milliseconds, percent, usd
from zaguan_tui.text.format import credits as format_credits
from zaguan_tui.text.sanitize import clean
from zaguan_tui.widgets.foreign_text import foreign, foreign_line, identifier

LABEL: Final = 18
_EXACT: Final = 0.005
_UNBILLED = (Ending.FAILED,)


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """All that a receipt is made of. ``now`` is of the monotonic clock, as the search's next try is."""

    answer: Message
    entry: ModelEntry | None
    tariff: CreditRate
    search: ReceiptSearch | None
    now: float

    @property
    def receipt(self) -> Receipt:
        """What is known of the credits."""
        return self.answer.receipt or Receipt()


def render_receipt(facts: ReceiptFacts) -> Content:
    """Before, counted, expected, debited, and how they agree."""
    parts = [_compare_with_expected(facts), _before(facts), _counted(facts), _ledger(facts)]
    return Content("\n\n").join(parts)


def receipt_to_json(facts: ReceiptFacts) -> str:
    """The receipt for a bug report or a spreadsheet."""
    answer, receipt, entry = facts.answer, facts.receipt, facts.entry
    data: dict[str, Any] = {
        "model": answer.model,
        "answered_by": answer.answered_by,
        "request_id": answer.request_id,
        "completion_id": answer.completion_id,
        "ending": answer.ending,
        "attempts": answer.attempts,
        "usage": asdict(answer.usage) if answer.usage else None,
        "price_per_million_usd": {"input": entry.input_cost, "output": entry.output_cost} if entry else None,
        "credits_per_usd": facts.tariff.per_usd,
        "credits_per_usd_assumed": facts.tariff.assumed,
        "credits": {
            "estimated": receipt.estimated,
            "expected": receipt.expected,
            "debited": receipt.debited,
        },
        "ledger": {"id": receipt.entry_id, "at": receipt.at.isoformat() if receipt.at else None}
        | dict(receipt.row)
        if receipt.entry_id
        else None,
        "note": receipt.sentence or None,
    }
    return clean(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def _compare_with_expected(facts: ReceiptFacts) -> Content:
    """The amount, and in words how it differs from what was to be expected."""
    receipt = facts.receipt
    if receipt.debited is None:
        return Content.styled("Not debited yet, as far as the ledger tells.", "$ink-soft")
    unit = "credit" if receipt.debited == 1 else "credits"
    amount = Content.styled(f"{format_credits(receipt.debited)} {unit} debited", "bold $ink-strong")
    if not receipt.debited and facts.answer.ending in _UNBILLED:
        return Content.assemble(amount, ("\n● a refused request costs nothing", "$success"))
    lines = [amount, _delta(receipt.debited, receipt.expected, "the counted tokens at the listed price")]
    lines.append(_delta(receipt.debited, receipt.estimated, "the estimate before sending"))
    return Content("\n").join([line for line in lines if line])


def _delta(debited: float, expected: float | None, what: str) -> Content:
    if expected is None:
        return Content("")
    if not debited and not expected:
        return Content.styled(f"● exactly {what}", "$success")
    if not is_unexpected_cost(debited, expected):
        away = abs(debited - expected)
        near = (
            "within a credit of"
            if away <= MIN_UNEXPECTED_CREDITS
            else f"within {percent(UNEXPECTED_COST_SHARE, digits=0)} of"
        )
        close = "exactly" if away < _EXACT else near
        return Content.styled(f"● {close} {what} ({format_credits(_short(expected))})", "$success")
    more = "more" if debited > expected else "less"
    share = percent(abs(debited - expected) / expected, digits=0) if expected else "infinitely"
    return Content.styled(f"▲ {share} {more} than {what} ({format_credits(_short(expected))})", "$warning")


def _before(facts: ReceiptFacts) -> Content:
    tariff, entry, receipt = facts.tariff, facts.entry, facts.receipt
    rate = f"{tariff.per_usd:,.0f} credits a dollar"
    rows = "row" if tariff.rows == 1 else "rows"
    source = "assumed" if tariff.assumed else f"from {tariff.rows} ledger {rows}"
    price = None
    if entry is not None and entry.input_cost is not None:
        price = f"{usd(entry.input_cost)} in, {usd(entry.output_cost)} out, per million tokens"
    return _section(
        "Before",
        [
            ("estimate", _amount(receipt.estimated, about=True)),
            ("listed price", Content.styled(price or "not listed", "$foreground" if price else "$ink-faint")),
            ("a credit's worth", Content.assemble((rate, "$foreground"), (f" ({source})", "$ink-faint"))),
        ],
    )


def _counted(facts: ReceiptFacts) -> Content:
    usage = facts.answer.usage or Usage()
    rows = [
        ("prompt", _tokens(usage.prompt_tokens)),
        ("  cached", _tokens(usage.cached_tokens)),
        ("completion", _tokens(usage.completion_tokens)),
        ("  reasoning", _tokens(usage.reasoning_tokens)),
        ("expected credits", _amount(facts.receipt.expected, cost_of(usage, facts.entry))),
    ]
    if (retries := facts.answer.attempts - 1) > 0:
        rows.append(("retries", Content.styled(f"{retries}, under the same request id", "$warning")))
    return _section("Counted by the server", rows)


def _ledger(facts: ReceiptFacts) -> Content:
    receipt, search = facts.receipt, facts.search
    if receipt.entry_id is None:
        rows = [("row", _no_row(facts))]
        if search is None and receipt.at is not None:
            attempts = f"{len(WAITS_S)} times, last at {clock(receipt.at)}"
            rows.append(("asked", Content.styled(attempts, "$ink-soft")))
        return _section("Ledger", rows)
    row = receipt.row
    rows = [
        ("row", identifier(receipt.entry_id, "$foreground")),
        ("time", Content.styled(clock(receipt.at), "$foreground")),
        ("request", identifier(_word(row.get("request_id")), "$foreground")),
        ("model", identifier(_word(row.get("model")), "$foreground")),
        ("provider, band", _joined(_word(row.get("provider")), _word(row.get("band")))),
        (
            "tokens",
            Content.styled(
                f"{count(_figure(row.get('prompt_tokens')))} in, "
                f"{count(_figure(row.get('completion_tokens')))} out",
                "$foreground",
            ),
        ),
        ("latency", Content.styled(milliseconds(_figure(row.get("latency_ms"))), "$foreground")),
        ("credits", _amount(receipt.debited, _figure(row.get("cost")))),
        ("status", _status(facts)),
    ]
    if search is not None:
        rows.append(("", Content.styled("being looked at again …", "$ink-faint")))
    if isinstance(rows_found := row.get("rows"), int):
        note = f"{rows_found} rows have this request id: each attempt has one. Their debits are added up."
        rows.append(("", Content.styled(note, "$ink-faint")))
    return _section("Ledger", rows)


def _no_row(facts: ReceiptFacts) -> Content:
    search, receipt = facts.search, facts.receipt
    if search is not None:
        number = f"try {search.tries + 1} of {len(WAITS_S)}"
        left = max(0, round(search.due - facts.now))
        return Content.styled(f"◌ no row yet; {number} in {left} s", "$ink-soft")
    if receipt.sentence:
        return foreign(receipt.sentence, "$foreground")
    return Content.styled("not looked for to the end: r asks the ledger", "$ink-soft")


def _status(facts: ReceiptFacts) -> Content:
    row = facts.receipt.row
    status = _word(row.get("status"))
    color = "$success" if status == "success" else "$warning"
    line = foreign_line(status, color, 40)
    if message := _word(row.get("error_message")):
        line = Content.assemble(line, (" ", ""), foreign_line(message, "$ink-soft", 120))
    return line


def _section(title: str, rows: Iterable[tuple[str, Content]]) -> Content:
    lines = [Content.styled(title, "$ink-strong")]
    for label, value in rows:
        lines.append(Content.assemble((f"  {label:<{LABEL}}", "$ink-faint"), value))
    return Content("\n").join(lines)


def _amount(amount: float | None, cost: float | None = None, *, about: bool = False) -> Content:
    if amount is None:
        return Content.styled("–", "$ink-faint")
    shown = Content.styled(("~" if about else "") + format_credits(_short(amount)), "$foreground")
    return Content.assemble(shown, (f"  {usd(cost)}", "$ink-soft")) if cost is not None else shown


def _short(amount: float) -> float:
    """A reckoned amount without a tail of decimals."""
    return round(amount, 2) if abs(amount) >= 1 else amount


def _tokens(number: int | None) -> Content:
    return Content.styled(count(number), "$foreground" if number is not None else "$ink-faint")


def _joined(*words: str | None) -> Content:
    return Content.styled(", ", "$ink-faint").join([identifier(word, "$foreground") for word in words])


def _word(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _figure(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None
