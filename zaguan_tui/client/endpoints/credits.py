"""What is left to spend (wire reference §5.2)."""

from __future__ import annotations

from ..catalogue import Endpoint, endpoint
from ..options import RequestOptions
from ..types.credits import CreditsBalance, read_credits_balance
from .group import EndpointGroup


class CreditEndpoints(EndpointGroup):
    """``/v1/credits``."""

    @endpoint("GET", "/v1/credits/balance")
    async def get_credits_balance(
        self, row: Endpoint, *, options: RequestOptions | None = None
    ) -> CreditsBalance:
        """Credits left, used and granted, the tier and its bands, and when the account is filled again."""
        return await self._read(row, read_credits_balance, options=options)
