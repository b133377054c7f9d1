"""GET /v1/credits/balance: the union of the SDKs' fields, whole numbers. Shape: wire.md 5.2 and 15."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from zaguan_tui.sandbox.engine.clock import format_instant
from zaguan_tui.sandbox.gateway import Gateway

_LOW = 0.10


async def get_balance(request: Request) -> Response:
    """The remaining credits of this period, summed from the ledger."""
    gateway: Gateway = request.app.state.gateway
    balance = await gateway.balance()
    share = balance.remaining / balance.total
    return JSONResponse(
        {
            "credits_remaining": balance.remaining,
            "credits_total": balance.total,
            "credits_used": balance.used,
            "credits_percent": round(share * 100, 2),
            "tier": gateway.account.tier,
            "bands": list(gateway.account.bands),
            "reset_date": format_instant(balance.reset_at),
            "stripe_price_id": "price_sandbox",
            "warning": f"{share:.0%} of the credits are left." if share < _LOW else "",
            "metadata": {
                "period_days": 30,
                "period_start": format_instant(balance.began_at),
                "credit_usd": 0.001,
            },
        }
    )


ROUTES = [Route("/v1/credits/balance", get_balance, methods=["GET"])]
