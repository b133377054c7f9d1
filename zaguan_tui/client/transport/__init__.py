"""HTTP transport: pooled connections, proxies, trust, body limits and content codings."""
