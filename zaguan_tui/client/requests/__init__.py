"""Request bodies of the catalogue: models, validation, and files on their way out.

    from zaguan_tui.client import requests
    requests.model_for("create_batch").json_schema()
    requests.validate("chat", body)

The names are loaded on first use, because their module imports pydantic.
"""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from zaguan_tui.client.requests.validation import Finding as Finding
    from zaguan_tui.client.requests.validation import model_for as model_for
    from zaguan_tui.client.requests.validation import validate as validate

__all__ = ["Finding", "model_for", "validate"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from zaguan_tui.client.requests import validation

    return getattr(validation, name)
