"""Zaguan gateway simulator: real HTTP on loopback, served from seeded providers and models.

Nothing in it imports the client, the state or the screens, so it cannot share their bugs. Import the part
you need (`config`, `embedded`, `http.server`); this package itself loads nothing.

The path of a request: `http.middleware` (request id, key, general faults) → a module of `routes/` →
`calls.chat_turn` (routing, dialect) or `calls.whole_call` (one answer at once) → `calls.model_call`
(permit, outcome, debit) and `calls.chat_stream` (pace) over `engine/`. Batches, runs and realtime sessions
are chat turns too; files and jobs are in the object store. `gateway` holds the parts of one run.

Deterministic: every answer's text and token count, and the seeded past, depend on the seed alone. The
background traffic, hence status, latencies and breakers, depends on the seed, the scenario and world time,
as long as no user's call changes a breaker; reading changes nothing. A user's n-th call has the seed's n-th
random draws. Not deterministic: ids of requests and completions, and real milliseconds. A fixed
``start_at`` fixes all dates too.
"""
