"""Sentences for connections that failed: names that do not resolve, closed ports, TLS, silence."""

from __future__ import annotations

from zaguan_tui.client.errors.exceptions import TransportError
from zaguan_tui.client.errors.kinds import TransportReason
from zaguan_tui.text.sentences import end_sentence, quote

_WAITS = "It is tried again by itself; check that the gateway runs and the network is up."

_BY_REASON: dict[TransportReason, tuple[str, str]] = {
    TransportReason.DNS: (
        "The name of {where} cannot be resolved.",
        "Check the host in the base URL for a typing error, and the network, VPN or DNS.",
    ),
    TransportReason.REFUSED: (
        "Nothing listens on {where}: the connection was refused.",
        "Start the gateway or correct the port in the base URL; it is tried again by itself.",
    ),
    TransportReason.UNREACHABLE: (
        "There is no way to {where}: the network is unreachable.",
        "Check the network or VPN; it is tried again by itself.",
    ),
    TransportReason.CONNECT_TIMEOUT: (
        "{where} does not pick up: no connection within the time allowed.",
        "Check host, port and firewall; it is tried again by itself.",
    ),
    TransportReason.RESET: ("{where} dropped the connection before it answered.", _WAITS),
    TransportReason.CLOSED: ("{where} closed the connection without an answer.", _WAITS),
    TransportReason.TIMEOUT: (
        "{where} took too long to answer.",
        "It is tried again; a longer timeout can be set.",
    ),
    TransportReason.STALLED: (
        "{where} began to answer and then fell silent.",
        "Try again; a longer stall limit can be set in the profile.",
    ),
    TransportReason.POOL: (
        "Too many calls to {where} are open at once; this one got no connection.",
        "Stop a running answer, or wait for one to finish.",
    ),
    TransportReason.PROTOCOL: (
        "{where} does not speak HTTP as expected.",
        "Check the port, and whether the base URL should begin with https:// or http://.",
    ),
}

_IN_MID_ANSWER: dict[TransportReason, tuple[str, str]] = {
    TransportReason.RESET: ("{where} dropped the connection in mid-answer.", _WAITS),
    TransportReason.CLOSED: ("{where} closed the connection before the answer was whole.", _WAITS),
}

_BY_MESSAGE: dict[TransportReason, str] = {
    TransportReason.PROXY: (
        "Check the proxy's address, or set NO_PROXY for hosts that are reached without one."
    ),
    TransportReason.REDIRECT: "If the new address is the gateway's, put it into the base URL.",
}
"""Reasons whose message names more than one host: it is the sentence. The value is the next step."""

_NO_WEBSOCKET = "Realtime sessions need a server that speaks WebSocket; everything else keeps working."

_PLAIN_BEHIND_TLS = ("wrong version number", "wrong_version_number", "record layer", "packet length")
_NAME_MISMATCH = ("hostname mismatch", "doesn't match", "not valid for", "ip address mismatch")
_MAX_DEPTH = 8
_EXPIRED = ("has expired", "not yet valid")
_UNTRUSTED = ("self-signed", "self signed", "unable to get local issuer", "unknown ca", "verify failed")


def explain_connection_error(error: TransportError, address: str) -> tuple[str, str]:
    """Sentence and next step for a connection that failed; ``address`` is host and port."""
    where = address or "the gateway"
    reason, message = error.reason, quote(error.message)
    if reason is TransportReason.TLS:
        sentence, step = _explain_tls_error(" ".join([message, *_cause_messages(error)]).lower())
    elif message and reason in _BY_MESSAGE:
        sentence = message if where in message else f"{where}: {message}"
        return _capitalize(end_sentence(sentence)), _BY_MESSAGE[reason]
    elif reason is TransportReason.PROTOCOL and "WebSocket" in message:
        return end_sentence(message), _NO_WEBSOCKET
    elif reason in _IN_MID_ANSWER and error.begun:
        sentence, step = _IN_MID_ANSWER[reason]
    elif reason in _BY_REASON:
        sentence, step = _BY_REASON[reason]
    else:
        detail = f": {end_sentence(message)}" if message else "."
        return _capitalize(f"the connection to {where} failed{detail}"), _WAITS
    return _capitalize(sentence.replace("{where}", where)), step


def _cause_messages(error: BaseException) -> list[str]:
    """The words of the errors behind ``error``; the TLS library tells there what it met."""
    words: list[str] = []
    cause = error.__cause__ or error.__context__
    while cause is not None and len(words) < _MAX_DEPTH:
        words.append(quote(cause))
        cause = cause.__cause__ or cause.__context__
    return words


def _explain_tls_error(message: str) -> tuple[str, str]:
    if any(word in message for word in _PLAIN_BEHIND_TLS):
        return (
            "{where} does not speak TLS, but the base URL begins with https://.",
            "Use http:// for this address if that is what you want, or the port that speaks TLS.",
        )
    if any(word in message for word in _NAME_MISMATCH):
        return (
            "The TLS certificate of {where} belongs to another name.",
            "Use the host name the certificate was made for.",
        )
    if any(word in message for word in _EXPIRED):
        return (
            "The TLS certificate of {where} is out of date.",
            "Have it renewed, and check this machine's clock.",
        )
    if any(word in message for word in _UNTRUSTED):
        return (
            "The TLS certificate of {where} is not trusted here.",
            "Point SSL_CERT_FILE at the authority that signed it, or have a proper certificate installed.",
        )
    return (
        "No secure connection to {where} could be agreed on: the TLS handshake failed.",
        "Check whether the base URL should begin with https:// or http://, and the port.",
    )


def _capitalize(sentence: str) -> str:
    """The sentence with a capital first letter, unless it begins with an address."""
    return sentence[0].upper() + sentence[1:] if sentence.startswith("the ") else sentence
