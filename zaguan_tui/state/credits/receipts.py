"""Receipts of answers: the estimate, the list price of the counted tokens, and the debit of the ledger.

After an answer the newest page of the credits history is asked for its row, three times at most. One call is
under way at a time, and a page serves every answer that waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from zaguan_tui.client.requests.history_query import HistoryQuery
from zaguan_tui.state.chat.message import Message, Receipt
from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest
from zaguan_tui.state.conversations.notices import ConversationNotice, TurnEnded
from zaguan_tui.state.conversations.store import ConversationStore
from zaguan_tui.state.core.clock import Clock, sleep_or_event
from zaguan_tui.state.core.problems import is_unsupported_call
from zaguan_tui.state.credits.estimate import OutgoingRequest
from zaguan_tui.state.credits.pricing import credits_for

if TYPE_CHECKING:
    from zaguan_tui.client.types.account.credits_history import CreditEntry
    from zaguan_tui.state.client_handle import ClientHandle
    from zaguan_tui.state.credits.estimates import CostEstimator
    from zaguan_tui.state.models.catalogue import ModelsState

WAITS_S: Final = (1.5, 4.0, 10.0)
"""Seconds before each try: ledgers lag a little (proposal)."""

ROWS: Final = 100
CREDITS_TOLERANCE: Final = timedelta(minutes=1)
"""How much a gateway's clock may be behind ours; the last try asks without a date."""

TIMEOUT_S: Final = 10.0
NO_HISTORY: Final = "This gateway keeps no credits history."
NO_ID: Final = "No request id came back, so there is no row to look for."
GATEWAY_LEFT: Final = "The gateway was left before its ledger had the row."


@dataclass(slots=True)
class ReceiptSearch:
    """An answer whose row is looked for. ``due`` is the moment of the next try, of the monotonic clock."""

    conversation_id: str
    answer: Message
    ids: frozenset[str]
    due: float
    tries: int = 0


@dataclass(slots=True)
class _LedgerSearches:
    """The searches in one gateway's ledger."""

    address: str = ""
    absent: bool = False
    searches: dict[str, ReceiptSearch] = field(default_factory=dict)


class ReceiptTracker:
    """Follows every answer to its debit. Needs a running event loop once answers end."""

    def __init__(
        self,
        client_handle: ClientHandle,
        models: ModelsState,
        estimates: CostEstimator,
        conversations: ConversationStore,
        clock: Clock,
    ) -> None:
        self._client_handle, self._models, self._estimates = client_handle, models, estimates
        self._conversations, self._clock = conversations, clock
        self._ledger = _LedgerSearches()
        self._more = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._search_task: asyncio.Task[None] | None = None
        self._unsubscribe = conversations.watch(self._on_notice)

    def search_of(self, message_id: str) -> ReceiptSearch | None:
        """The search for the row of an answer, while there is one."""
        return self._ledger.searches.get(message_id)

    def look_again(self, conversation_id: str, answer: Message) -> bool:
        """Ask the ledger once more for an answer's row; false where that is of no use."""
        self._reset_for_new_address()
        ids = _ids(answer)
        if not ids or self._ledger.absent or self._client_handle.client is None:
            return False
        if answer.id not in self._ledger.searches:
            due, tries = self._clock.monotonic(), len(WAITS_S) - 1
            self._seek(ReceiptSearch(conversation_id, answer, ids, due, tries))
        return True

    async def aclose(self) -> None:
        """Ask no more."""
        self._unsubscribe()
        tasks = [task for task in (*self._tasks, self._search_task) if task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _on_notice(self, notice: ConversationNotice) -> None:
        if isinstance(notice, TurnEnded):
            task = asyncio.create_task(self._follow(notice))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _follow(self, notice: TurnEnded) -> None:
        """Write the receipt as far as it is known here, then look for the row."""
        self._reset_for_new_address()
        answer = notice.answer
        ids, ledger = _ids(answer), self._ledger
        sentence = NO_HISTORY if ledger.absent else "" if ids else NO_ID
        estimated = await self._estimate_before(notice)
        receipt = Receipt(estimated=estimated, expected=self._list_price(answer), sentence=sentence)
        amended = await self._amend(notice.conversation_id, answer.id, receipt)
        if amended is not None and not sentence and ledger is self._ledger and self._client_handle.client:
            due = self._clock.monotonic() + WAITS_S[0]
            self._seek(ReceiptSearch(notice.conversation_id, amended, ids, due))

    def _list_price(self, answer: Message) -> float | None:
        """What the counted tokens cost by the list, as far as a credit's worth is known."""
        entry = self._models.entry(answer.answered_by or "") or self._models.entry(answer.model or "")
        return credits_for(answer.usage, entry, self._estimates.tariff)

    async def _estimate_before(self, notice: TurnEnded) -> float | None:
        """What a send of this prompt was to cost, with an answer of usual length."""
        answer = notice.answer
        try:
            conversation = self._conversations.get(notice.conversation_id)
            prompt = conversation.turn(notice.turn_id).prompt
            before = conversation.until(notice.turn_id)
        except KeyError:
            return None
        outgoing = OutgoingRequest(
            ModelTarget(answer.model or "", answer.dialect, answer.params),
            PromptRequest(prompt.text, prompt.attachments, prompt.tool_results),
            before,
            conversation.system_prompt,
        )
        return (await self._estimates.weigh(outgoing)).credits_low

    def _seek(self, search: ReceiptSearch) -> None:
        self._ledger.searches[search.answer.id] = search
        self._more.set()
        if self._search_task is None or self._search_task.done():
            self._search_task = asyncio.create_task(self._search_until_done())

    async def _search_until_done(self) -> None:
        """Ask whenever a search falls due, until none is left."""
        while self._ledger.searches:
            ledger = self._ledger
            wait = min(search.due for search in ledger.searches.values()) - self._clock.monotonic()
            if wait > 0:
                self._more.clear()
                if await sleep_or_event(self._clock, wait, self._more):
                    continue
            self._reset_for_new_address()
            if ledger is self._ledger:
                await self._read_ledger(ledger)

    async def _read_ledger(self, ledger: _LedgerSearches) -> None:
        """One page for every search: those that are in it are over, those that were due wait longer."""
        now = self._clock.monotonic()
        waiting = list(ledger.searches.values())
        due = [search for search in waiting if search.due <= now]
        wait, trouble = 0.0, ""
        rows: tuple[CreditEntry, ...] = ()
        try:
            rows = await self._read(waiting, due)
        except Exception as error:  # noqa: BLE001 - boundary: a receipt does without, and says why
            if is_unsupported_call(error):
                ledger.absent = True
            problem = self._client_handle.explain(error)
            wait, trouble = problem.retry_after or 0.0, problem.sentence
        if rows and not ledger.absent:
            await self._estimates.learn()
        for search in waiting:
            if matches := [row for row in rows if _names(row) & search.ids]:
                known = replace(search.answer.receipt or Receipt(), expected=self._list_price(search.answer))
                await self._settle(ledger, search, _with_debit(known, matches))
            elif ledger.absent:
                await self._settle(ledger, search, _with_sentence(search.answer.receipt, NO_HISTORY))
            elif search in due:
                await self._postpone(ledger, search, wait, trouble)

    async def _postpone(
        self, ledger: _LedgerSearches, search: ReceiptSearch, wait: float, trouble: str
    ) -> None:
        search.tries += 1
        if search.tries < len(WAITS_S):
            search.due = self._clock.monotonic() + max(wait, WAITS_S[search.tries])
            return
        sentence = trouble or "The ledger has no row of this request."
        receipt = replace(search.answer.receipt or Receipt(), sentence=sentence, at=self._clock.now())
        await self._settle(ledger, search, receipt)

    async def _read(self, waiting: list[ReceiptSearch], due: list[ReceiptSearch]) -> tuple[CreditEntry, ...]:
        last = any(search.tries >= len(WAITS_S) - 1 for search in due)
        since = None if last else min(search.answer.at for search in waiting) - CREDITS_TOLERANCE
        page = await self._client_handle.required().get_credits_history(
            limit=ROWS,
            query=HistoryQuery(start_date=since, model=None if last else _one_model(waiting)),
            options=self._client_handle.read_options(TIMEOUT_S),
        )
        return page.data

    async def _settle(self, ledger: _LedgerSearches, search: ReceiptSearch, receipt: Receipt) -> None:
        ledger.searches.pop(search.answer.id, None)
        await self._amend(search.conversation_id, search.answer.id, receipt)

    async def _amend(self, conversation_id: str, message_id: str, receipt: Receipt) -> Message | None:
        try:
            return await self._conversations.amend(conversation_id, message_id, receipt=receipt)
        except KeyError:
            return None  # deleted meanwhile

    def _reset_for_new_address(self) -> None:
        """Another gateway has another ledger; what was looked for in the old one stays as it is."""
        if (address := self._client_handle.address) != self._ledger.address:
            left, self._ledger = self._ledger, _LedgerSearches(address)
            for search in left.searches.values():
                task = asyncio.create_task(
                    self._settle(left, search, _with_sentence(search.answer.receipt, GATEWAY_LEFT)),
                    name="receipt",
                )
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)


def _ids(answer: Message) -> frozenset[str]:
    """The names under which a ledger may have an answer (wire reference 5.3)."""
    problem_id = answer.problem.request_id if answer.problem is not None else None
    return frozenset(name for name in (answer.request_id, answer.completion_id, problem_id) if name)


def _names(row: CreditEntry) -> frozenset[str]:
    return frozenset(name for name in (row.request_id, row.id) if name)


def _one_model(waiting: Iterable[ReceiptSearch]) -> str | None:
    """The model that all answers are of, if the ledger is sure to call it so."""
    models = {search.answer.model for search in waiting}
    plain = all(search.answer.answered_by in (None, search.answer.model) for search in waiting)
    return models.pop() if plain and len(models) == 1 else None


def _with_sentence(receipt: Receipt | None, sentence: str) -> Receipt:
    return replace(receipt or Receipt(), sentence=sentence)


def _with_debit(receipt: Receipt, rows: list[CreditEntry]) -> Receipt:
    """The receipt with its row. A request that was sent again has several rows under one id: all count."""
    amounts = [row.credits_debited for row in rows if row.credits_debited is not None]
    row = next((row for row in rows if row.status == "success"), rows[0])
    return replace(
        receipt,
        debited=sum(amounts) if amounts else None,
        entry_id=row.id,
        at=row.timestamp,
        sentence="",
        row=_stored_row(row, len(rows)),
    )


def _stored_row(row: CreditEntry, count: int) -> Mapping[str, Any]:
    """What the row says, as it is kept with the answer."""
    names = (
        *("request_id", "model", "provider", "band", "prompt_tokens", "completion_tokens"),
        *("reasoning_tokens", "total_tokens", "latency_ms", "cost", "status", "error_message"),
    )
    facts = {name: value for name in names if (value := getattr(row, name)) is not None}
    return facts | ({"rows": count} if count > 1 else {})


def moment_of(receipt: Receipt) -> datetime | None:
    """When the ledger was last asked in vain."""
    return receipt.at if receipt.entry_id is None else None
