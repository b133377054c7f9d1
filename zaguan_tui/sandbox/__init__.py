"""A Zaguan gateway on the laptop: real HTTP on loopback, served from a seeded world.

It stands alone: nothing here imports the client, the state or the screens, so it cannot share their bugs.
Import the part you need (`config`, `embedded`, `server`); this package itself loads nothing.

How one request travels: `doorman` (request id, key, general faults) → a file of `routes/` → `turn` (who may
answer, in which dialect) or `single` (one answer at once) → `call` (permit, outcome, debit) and `chat_stream`
(pace) over `engine/`. Batches, runs and realtime sessions are turns too, with nobody waiting on the line;
files and jobs lie on the `shelf`. `gateway` puts the parts of one run together.

What is deterministic. The world, every answer's text and token count, and the seeded past depend on the seed
alone. What the background traffic does, hence status, latencies and breakers, depends on the seed, the
scenario and world time, as long as no user's call changes a breaker; nobody's looking changes it. A user's
n-th call has the n-th chances of the seed. Not deterministic: the ids of requests and completions, and the
real milliseconds a machine adds. A fixed ``start_at`` fixes all dates too.
"""
