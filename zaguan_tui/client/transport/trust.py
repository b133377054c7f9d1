"""Trusted TLS certificates; a file or directory that cannot be used is named with its variable."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from pathlib import Path

from zaguan_tui.client.errors.exceptions import ArgumentError

_FILE = "a PEM file of certificates"


def build_trust(ca_file: str | None, environ: Mapping[str, str]) -> ssl.SSLContext | None:
    """The context for ``ca_file``, else for SSL_CERT_FILE or SSL_CERT_DIR; ``None``: the usual ones.

    Reads from disk. Raises :class:`ArgumentError` that names what cannot be read.
    """
    _check_key_log(environ)
    if ca_file:
        return _load("ca_file", ca_file)
    if path := environ.get("SSL_CERT_FILE"):
        return _load("SSL_CERT_FILE", path)
    if folder := environ.get("SSL_CERT_DIR"):
        if not any(Path(part).is_dir() for part in folder.split(os.pathsep)):
            raise ArgumentError("SSL_CERT_DIR", f"names {folder}, which is no directory", "its certificates")
        return ssl.create_default_context(capath=folder)
    return None


def no_trust() -> ssl.SSLContext:
    """A context that trusts nobody, for plain http: nothing is read from disk, no TLS connection stands."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _load(name: str, path: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        reason = "which holds no certificate"
    except (OSError, ValueError) as error:
        reason = f"which cannot be read: {getattr(error, 'strerror', None) or error}"
    verb = "is" if name == "ca_file" else "names"
    raise ArgumentError(name, f"{verb} {path}, {reason}", _FILE)


def _check_key_log(environ: Mapping[str, str]) -> None:
    """SSLKEYLOGFILE is opened by Python itself with every context."""
    name = environ.get("SSLKEYLOGFILE")
    if not name:
        return
    path = Path(name)
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise ArgumentError("SSLKEYLOGFILE", f"names {path}, which cannot be written", "a file to write to")
