"""Does a port speak TLS? Asked when plain http got nonsense back."""

from __future__ import annotations

import socket
import ssl

_SECONDS = 3.0


def speaks_tls(host: str, port: int) -> bool:
    """Whether ``host:port`` completes a TLS handshake. No certificate is checked and nothing else is sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with socket.create_connection((host, port), _SECONDS) as line, context.wrap_socket(line):
            return True
    except OSError:  # ssl.SSLError and timeouts are OSErrors too
        return False
