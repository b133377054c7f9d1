"""Detection of "unknown route" answers (wire reference §11.5).

Seen: Go and nginx, FastAPI, Express, Spring, Flask, Kong, Fireworks, OpenAI and Groq ("Unknown request URL"),
llama.cpp ("File Not Found" as ``not_found_error``), LM Studio ("Unexpected endpoint or method", status 200).
"""

from __future__ import annotations

import re

_NAMED = re.compile(
    r"page not found|cannot (get|post|put|patch|delete|head) /"
    r"|\bno (such |matching )?(route|endpoint|path|handler)\b|\bno static resource\b"
    r"|(unknown|invalid|unrecogni[sz]ed|unsupported|unexpected|undefined) (api |request |http )?"
    r"(url|uri|route|path|endpoint)\b"
    r"|\b(route|endpoint|path)\b.*(not found|does not exist|doesn't exist|not matched)"
    r"|(could not|cannot|unable to) (be )?(route|match|find a route)\b"
    r"|requested (url|path|route)\b.*not found",
    re.I,
)
_BARE = re.compile(
    r"^((404|error|http)[: ]*)*(the requested )?(file |resource |url )?"
    r"(was )?not found[.!:]?( please check.*)?$"
    r"|^method not allowed\.?$|^not implemented\.?$",
    re.I,
)
_LONGEST_LINE = 500
_CODES = frozenset({"unknown_url", "route_not_found", "path_not_found", "endpoint_not_found", "no_route"})


def names_unknown_route(message: str, *words: str | None) -> bool:
    """Whether ``message``, or one of the error's type and code ``words``, speaks of a path nobody serves."""
    return _NAMED.search(message) is not None or any((word or "").lower() in _CODES for word in words)


def is_bare_not_found(message: str) -> bool:
    """Whether ``message`` says no more than "not found", of whatever it was."""
    return _BARE.search(message.strip()) is not None


def is_unknown_route_text(body: bytes) -> bool:
    """Whether a whole ``body`` is a line of plain text that says so, and no JSON."""
    if len(body) > _LONGEST_LINE or body.lstrip()[:1] in (b"{", b"[", b'"', b"<"):
        return False
    text = body.decode("utf-8", "replace")
    return is_bare_not_found(text) or names_unknown_route(text)
