"""The async client for the Zaguan CoreX gateway and for other OpenAI- or Anthropic-compatible servers.

    async with ZaguanClient("http://127.0.0.1:8787", "key") as client:
        models = await client.list_models()

Names are loaded on first use (PEP 562), so importing this package costs next to nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing for it would cost more than the rest of this module

if TYPE_CHECKING:
    from .base_url import is_plaintext_remote as is_plaintext_remote
    from .base_url import normalise_base_url as normalise_base_url
    from .catalogue import CATALOGUE as CATALOGUE
    from .catalogue import EXTENSIONS as EXTENSIONS
    from .catalogue import Endpoint as Endpoint
    from .client import ZaguanClient as ZaguanClient
    from .clock import Clock as Clock
    from .errors import APIError as APIError
    from .errors import ArgumentError as ArgumentError
    from .errors import AuthenticationError as AuthenticationError
    from .errors import BandAccessError as BandAccessError
    from .errors import ConflictError as ConflictError
    from .errors import ErrorKind as ErrorKind
    from .errors import ErrorOrigin as ErrorOrigin
    from .errors import InsufficientCreditsError as InsufficientCreditsError
    from .errors import InvalidRequestError as InvalidRequestError
    from .errors import NotFoundError as NotFoundError
    from .errors import OverloadedError as OverloadedError
    from .errors import PermissionDeniedError as PermissionDeniedError
    from .errors import RateLimitError as RateLimitError
    from .errors import ResponseFormatError as ResponseFormatError
    from .errors import ServerError as ServerError
    from .errors import ServerTimeoutError as ServerTimeoutError
    from .errors import TransportError as TransportError
    from .errors import TransportReason as TransportReason
    from .errors import UnsupportedError as UnsupportedError
    from .errors import ZaguanError as ZaguanError
    from .history_pager import HistoryCoverage as HistoryCoverage
    from .history_pager import HistoryPager as HistoryPager
    from .history_query import HistoryQuery as HistoryQuery
    from .options import AuthScheme as AuthScheme
    from .options import ClientOptions as ClientOptions
    from .options import RequestOptions as RequestOptions
    from .options import Timeouts as Timeouts
    from .paging import Collection as Collection
    from .paging import Pager as Pager
    from .paging import PagingError as PagingError
    from .paging import paginate as paginate
    from .reply import RawReply as RawReply
    from .tape import record as record
    from .tape import replay as replay
    from .trace import AttemptFailed as AttemptFailed
    from .trace import AttemptFinished as AttemptFinished
    from .trace import AttemptStarted as AttemptStarted
    from .trace import Observer as Observer
    from .trace import ResponseMeta as ResponseMeta
    from .trace import StreamClosed as StreamClosed
    from .trace import TraceEvent as TraceEvent
    from .upload_source import Upload as Upload
    from .waiting import Patience as Patience
    from .waiting import WaitTimeoutError as WaitTimeoutError

_HOMES = {
    "base_url": "is_plaintext_remote normalise_base_url",
    "catalogue": "CATALOGUE EXTENSIONS Endpoint",
    "client": "ZaguanClient",
    "clock": "Clock",
    "errors": (
        "APIError ArgumentError AuthenticationError BandAccessError ConflictError ErrorKind ErrorOrigin"
        " InsufficientCreditsError InvalidRequestError NotFoundError OverloadedError PermissionDeniedError"
        " RateLimitError ResponseFormatError ServerError ServerTimeoutError TransportError TransportReason"
        " UnsupportedError ZaguanError"
    ),
    "history_pager": "HistoryCoverage HistoryPager",
    "history_query": "HistoryQuery",
    "options": "AuthScheme ClientOptions RequestOptions Timeouts",
    "paging": "Collection Pager PagingError paginate",
    "reply": "RawReply",
    "tape": "record replay",
    "trace": ("AttemptFailed AttemptFinished AttemptStarted Observer ResponseMeta StreamClosed TraceEvent"),
    "upload_source": "Upload",
    "waiting": "Patience WaitTimeoutError",
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
