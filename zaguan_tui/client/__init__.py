"""The async client for the Zaguan CoreX gateway and for other OpenAI- or Anthropic-compatible servers.

    async with ZaguanClient("http://127.0.0.1:8787", "key") as client:
        models = await client.list_models()

Names are loaded on first use (PEP 562), so importing this package costs next to nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing for it would cost more than the rest of this module

if TYPE_CHECKING:
    from zaguan_tui.client.catalogue.declare import CATALOGUE as CATALOGUE
    from zaguan_tui.client.catalogue.declare import EXTENSIONS as EXTENSIONS
    from zaguan_tui.client.catalogue.declare import Endpoint as Endpoint
    from zaguan_tui.client.client import ZaguanClient as ZaguanClient
    from zaguan_tui.client.dispatch.base_url import is_plaintext_remote as is_plaintext_remote
    from zaguan_tui.client.dispatch.base_url import normalise_base_url as normalise_base_url
    from zaguan_tui.client.dispatch.clock import Clock as Clock
    from zaguan_tui.client.dispatch.options import AuthScheme as AuthScheme
    from zaguan_tui.client.dispatch.options import ClientOptions as ClientOptions
    from zaguan_tui.client.dispatch.options import RequestOptions as RequestOptions
    from zaguan_tui.client.dispatch.options import Timeouts as Timeouts
    from zaguan_tui.client.dispatch.reply import RawReply as RawReply
    from zaguan_tui.client.dispatch.trace import AttemptFailed as AttemptFailed
    from zaguan_tui.client.dispatch.trace import AttemptFinished as AttemptFinished
    from zaguan_tui.client.dispatch.trace import AttemptStarted as AttemptStarted
    from zaguan_tui.client.dispatch.trace import Observer as Observer
    from zaguan_tui.client.dispatch.trace import ResponseMeta as ResponseMeta
    from zaguan_tui.client.dispatch.trace import StreamClosed as StreamClosed
    from zaguan_tui.client.dispatch.trace import TraceEvent as TraceEvent
    from zaguan_tui.client.errors.exceptions import APIError as APIError
    from zaguan_tui.client.errors.exceptions import ArgumentError as ArgumentError
    from zaguan_tui.client.errors.exceptions import AuthenticationError as AuthenticationError
    from zaguan_tui.client.errors.exceptions import BandAccessError as BandAccessError
    from zaguan_tui.client.errors.exceptions import ConflictError as ConflictError
    from zaguan_tui.client.errors.exceptions import ErrorKind as ErrorKind
    from zaguan_tui.client.errors.exceptions import ErrorOrigin as ErrorOrigin
    from zaguan_tui.client.errors.exceptions import InsufficientCreditsError as InsufficientCreditsError
    from zaguan_tui.client.errors.exceptions import InvalidRequestError as InvalidRequestError
    from zaguan_tui.client.errors.exceptions import NotFoundError as NotFoundError
    from zaguan_tui.client.errors.exceptions import OverloadedError as OverloadedError
    from zaguan_tui.client.errors.exceptions import PermissionDeniedError as PermissionDeniedError
    from zaguan_tui.client.errors.exceptions import RateLimitError as RateLimitError
    from zaguan_tui.client.errors.exceptions import ResponseFormatError as ResponseFormatError
    from zaguan_tui.client.errors.exceptions import ServerError as ServerError
    from zaguan_tui.client.errors.exceptions import ServerTimeoutError as ServerTimeoutError
    from zaguan_tui.client.errors.exceptions import TransportError as TransportError
    from zaguan_tui.client.errors.exceptions import TransportReason as TransportReason
    from zaguan_tui.client.errors.exceptions import UnsupportedError as UnsupportedError
    from zaguan_tui.client.errors.exceptions import ZaguanError as ZaguanError
    from zaguan_tui.client.paging.credits_history import HistoryCoverage as HistoryCoverage
    from zaguan_tui.client.paging.credits_history import HistoryPager as HistoryPager
    from zaguan_tui.client.paging.job_wait import Patience as Patience
    from zaguan_tui.client.paging.job_wait import WaitTimeoutError as WaitTimeoutError
    from zaguan_tui.client.paging.pages import Collection as Collection
    from zaguan_tui.client.paging.pages import Pager as Pager
    from zaguan_tui.client.paging.pages import PagingError as PagingError
    from zaguan_tui.client.paging.pages import paginate as paginate
    from zaguan_tui.client.requests.history_query import HistoryQuery as HistoryQuery
    from zaguan_tui.client.requests.upload_source import Upload as Upload
    from zaguan_tui.client.tape.session import record as record
    from zaguan_tui.client.tape.session import replay as replay

_HOMES = {
    "dispatch.base_url": "is_plaintext_remote normalise_base_url",
    "catalogue.declare": "CATALOGUE EXTENSIONS Endpoint",
    "client": "ZaguanClient",
    "dispatch.clock": "Clock",
    "errors.exceptions": (
        "APIError ArgumentError AuthenticationError BandAccessError ConflictError ErrorKind ErrorOrigin"
        " InsufficientCreditsError InvalidRequestError NotFoundError OverloadedError PermissionDeniedError"
        " RateLimitError ResponseFormatError ServerError ServerTimeoutError TransportError TransportReason"
        " UnsupportedError ZaguanError"
    ),
    "paging.credits_history": "HistoryCoverage HistoryPager",
    "requests.history_query": "HistoryQuery",
    "dispatch.options": "AuthScheme ClientOptions RequestOptions Timeouts",
    "paging.pages": "Collection Pager PagingError paginate",
    "dispatch.reply": "RawReply",
    "tape.session": "record replay",
    "dispatch.trace": (
        "AttemptFailed AttemptFinished AttemptStarted Observer ResponseMeta StreamClosed TraceEvent"
    ),
    "requests.upload_source": "Upload",
    "paging.job_wait": "Patience WaitTimeoutError",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f".{home}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME_OF})
