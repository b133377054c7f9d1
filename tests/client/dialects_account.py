"""D1 to D22 and D68 to D72: capabilities, credits, errors, models, and the calls no SDK has."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dialects import load, sent, shows, talking
from scripted import Step

from zaguan_tui.client import (
    BandAccessError,
    InsufficientCreditsError,
    RateLimitError,
    ResponseFormatError,
    ZaguanError,
)
from zaguan_tui.client.catalogue.declare import CATALOGUE, endpoint_of_method, list_implemented
from zaguan_tui.client.client import ZaguanClient
from zaguan_tui.client.dispatch.retry import body_retry_after, read_retry_after
from zaguan_tui.client.errors.reader import ErrorContext, read_error
from zaguan_tui.client.types.account.credits import read_credits_balance
from zaguan_tui.client.types.account.credits_history import read_credits_history_page
from zaguan_tui.client.types.account.credits_stats import read_credits_stats
from zaguan_tui.client.types.models.capabilities import read_capabilities
from zaguan_tui.client.types.models.models import read_models

DIALECTS = ("go", "python", "ts")
NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)


def error(status: int, body: Any, **headers: str) -> Any:
    import json

    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_error(status, headers, raw, ErrorContext(now=NOW))


@shows("D1")
def five_shapes_of_capabilities_are_one_list() -> None:
    entry = {"model_id": "a/b", "supports_vision": True}
    inner = {"supports_vision": True}
    shapes = (
        [entry],
        {"models": [entry]},
        {"capabilities": {"a/b": inner}},
        {"a/b": inner},
        {"data": [entry]},
    )
    assert len({repr(read_capabilities(shape).data) for shape in shapes}) == 1


@shows("D2")
def both_spellings_of_audio_flags_are_read() -> None:
    for spelling in ("supports_audio_in", "supports_audio_input", "supportsAudioIn"):
        (found,) = read_capabilities([{"model_id": "m", spelling: True}]).data
        assert (found.audio_in, found.audio_out) == (True, None)


@shows("D3")
def extras_are_read_and_what_is_absent_is_unknown() -> None:
    rich = read_capabilities(load("capabilities/list.json")).data[0]
    assert None not in (rich.streaming, rich.max_output_tokens, rich.input_cost_per_1m)
    poor = read_capabilities([{"model_id": "m"}]).data[0]
    assert (poor.vision, poor.streaming, poor.input_cost_per_1m) == (None, None, None)


@shows("D4")
async def no_filter_is_sent_for_capabilities() -> None:
    assert (await sent(lambda client: client.get_capabilities())).target == "/v1/capabilities"


@shows("D5")
def the_balance_is_the_union_of_all_and_what_follows_is_derived() -> None:
    for dialect in DIALECTS:
        balance = read_credits_balance(load(f"credits/balance_{dialect}.json"))
        assert balance.credits_remaining is not None
        assert balance.dialect == dialect
    assert read_credits_balance({"credits_remaining": 3, "credits_used": 1}).credits_total == 4


@shows("D6")
def a_reset_date_may_be_a_day_or_a_moment() -> None:
    for text in ("2026-12-01", "2026-12-01T00:00:00Z", "2026-12-01 01:00:00+01:00", 1796083200):
        balance = read_credits_balance({"credits_remaining": 1, "reset_date": text})
        assert balance.reset_date == datetime(2026, 12, 1, tzinfo=UTC)


@shows("D7")
def credits_are_any_kind_of_number() -> None:
    for value in (10.5, "10.5", "$10.50"):
        assert read_credits_balance({"credits_remaining": value}).credits_remaining == 10.5


@shows("D8")
def both_names_of_the_total_are_read() -> None:
    for name in ("total", "total_entries"):
        assert read_credits_history_page({"entries": [], name: 7}).total == 7
    assert read_credits_history_page({"entries": []}).total is None


@shows("D9")
async def the_pager_follows_whichever_way_the_server_pages() -> None:
    for dialect, second in (("go", "cursor="), ("ts", "page=2")):
        pages = [Step(body=load(f"credits/history_{dialect}_page{n}.json")) for n in (1, 2, 3)]
        async with talking(*pages) as (client, server):
            pager = client.iter_credits_history(page_size=5)
            ids = [entry.id async for entry in pager.entries()]
        assert ids == load("credits/expected.json")["history"]["ids"]
        assert second in server.seen[1].target
        assert pager.coverage.complete


@shows("D10")
async def filters_are_sent_and_applied_again() -> None:
    async with talking(Step(body=load("credits/history.json"))) as (client, server):
        page = await anext(client.iter_credits_history(provider="openai"))
    assert "provider=openai" in server.seen[0].target
    assert {entry.provider for entry in page.data} == {"openai"}
    assert len(page.data) < len(read_credits_history_page(load("credits/history.json")).data)


@shows("D11")
def a_history_row_needs_only_an_id_and_a_time() -> None:
    (row,) = read_credits_history_page({"entries": [{"id": "h", "timestamp": "2026-11-20T14:00:00Z"}]}).data
    assert (row.cost, row.latency_ms, row.reasoning_tokens, row.error_message) == (None, None, None, None)


@shows("D12")
def words_of_success_are_one_word() -> None:
    words = {
        "success": "success",
        "completed": "success",
        "ok": "success",
        "failed": "error",
        "429": "rate_limited",
    }
    for word, meaning in {**words, "queued": "queued"}.items():
        entry = {"id": "h", "timestamp": "2026-11-20T14:00:00Z", "status": word}
        assert read_credits_history_page([entry]).data[0].status == meaning


@shows("D13", "D14", "D16")
def statistics_of_all_dialects_are_one_shape() -> None:
    go, python, ts = (read_credits_stats(load(f"credits/stats_{dialect}.json")) for dialect in DIALECTS)
    assert [stats.dialect for stats in (go, python, ts)] == list(DIALECTS)
    assert go.totals.credits and python.totals.credits and ts.totals.credits
    assert go.by_model[0].credits is not None
    assert python.by_model[0].credits is not None
    assert go.period is not None
    assert ts.period is None
    assert ts.series[0].label
    assert ts.series[0].start is not None


@shows("D15")
async def group_by_is_day_unless_the_dialect_is_known() -> None:
    assert (await sent(lambda c: c.get_credits_stats(period="week"))).target.endswith(
        "period=week&group_by=day"
    )
    chosen = await sent(lambda c: c.get_credits_stats(group_by=["provider", "model"]))
    assert chosen.target.endswith("group_by=provider%2Cmodel")


@shows("D17")
def tiers_and_bands_are_open_sets() -> None:
    balance = read_credits_balance(
        {"credits_remaining": 1, "tier": "titanium", "bands": ["A", "premium", "Z"]}
    )
    assert (balance.tier, balance.bands) == ("titanium", ("A", "premium", "Z"))


@shows("D18")
def details_are_found_flat_and_nested() -> None:
    fields = {"credits_required": 50, "credits_remaining": 3}
    for body in (
        {**fields, "type": "insufficient_credits"},
        {"code": "insufficient_credits", "details": fields},
    ):
        found = error(402, {"error": body})
        assert isinstance(found, InsufficientCreditsError)
        assert (found.credits_required, found.credits_remaining) == (50, 3)
    for name in ("flat", "nested"):
        assert error(402, load(f"errors/insufficient_credits_{name}.json")).credits_required is not None


@shows("D19")
def type_or_code_come_before_the_status() -> None:
    assert isinstance(error(403, {"error": {"code": "insufficient_credits"}}), InsufficientCreditsError)
    assert isinstance(error(403, {"error": {"type": "band_access_denied"}}), BandAccessError)
    assert isinstance(error(402, {"error": {"message": "pay"}}), InsufficientCreditsError)


@shows("D20")
def the_wait_is_read_from_headers_then_body() -> None:
    assert read_retry_after({"retry-after-ms": "1500", "retry-after": "9"}, NOW) == 1.5
    assert read_retry_after({"retry-after": "2.5"}, NOW) == 2.5
    assert read_retry_after({"retry-after": "Fri, 20 Nov 2026 14:30:10 GMT"}, NOW) == 10
    assert body_retry_after({"retry_after": 7}) == 7
    limited = error(429, {"error": {"type": "rate_limit_exceeded", "retry_after": 7}}, **{"retry-after": "3"})
    assert isinstance(limited, RateLimitError)
    assert limited.retry_after == 3


@shows("D21")
def an_error_may_be_a_text_or_have_a_number_for_a_code() -> None:
    assert error(500, {"error": "boom"}).message == "boom"
    numbered = error(429, {"error": {"code": 429, "message": "slow"}})
    assert (numbered.code, numbered.message) == ("429", "slow")


@shows("D22")
async def a_good_status_without_json_is_an_error() -> None:
    for step in (
        Step(body="hello"),
        Step(body=b""),
        Step(body="<html>Sign in</html>", content_type="text/html"),
    ):
        async with talking(step) as (client, _):
            try:
                await client.list_models()
            except ZaguanError as failure:
                assert isinstance(failure, ResponseFormatError) or step.content_type == "text/html"
            else:
                raise AssertionError("read as an answer")


@shows("D68")
def models_are_the_union_of_all() -> None:
    (model,) = read_models(
        [
            {
                "id": "m",
                "created": 1795185000,
                "description": "d",
                "metadata": {"a": 1},
                "shutdown_date": "2027-01-01",
            }
        ]
    ).data
    assert None not in (model.created, model.description, model.shutdown_date)
    assert model.metadata == {"a": 1}
    assert read_models(load("models/list_go.json")).data


@shows("D69")
def model_ids_keep_their_slashes_others_do_not() -> None:
    assert (
        endpoint_of_method("get_model").fill(model_id="accounts/f/models/x y")
        == "/v1/models/accounts/f/models/x%20y"
    )
    assert endpoint_of_method("get_file").fill(file_id="a/b") == "/v1/files/a%2Fb"


@shows("D70")
async def queries_are_always_encoded() -> None:
    seen = await sent(lambda c: c.get_credits_history(cursor="a+b&c:d", query=None))
    assert seen.target.endswith("cursor=a%2Bb%26c%3Ad")


@shows("D71")
def the_calls_the_sdks_lack_are_there() -> None:
    built = list_implemented(ZaguanClient)
    for section in ("fine_tuning", "assistants", "threads", "runs"):
        for row in CATALOGUE:
            if row.section == section:
                assert set(row.names) <= set(built)
    assert {"list_assistants", "update_thread"} <= set(built)


@shows("D72")
def the_undocumented_calls_are_there_too() -> None:
    built = list_implemented(ZaguanClient)
    wanted = (
        "list_virtual_models get_virtual_model get_provider_status get_circuit_breaker_status reload_config"
    )
    more = "enable_provider disable_provider realtime upload_file list_files get_file delete_file"
    assert set(wanted.split()) | set(more.split()) <= set(built)
