"""Screens still to come: their place in the row of screens, their links and what each will do."""

from __future__ import annotations

from functools import partial

from zaguan_tui.features.feature import Feature

_planned = partial(Feature, screen="zaguan_tui.screens.common.placeholder:PlaceholderScreen")

OVERVIEW = _planned(
    name="overview",
    digit="1",
    title="Overview",
    short="Over",
    promise="One page that answers “is anything wrong?” in words: links, breakers, credits, jobs.",
)
MODELS = _planned(
    name="models",
    digit="3",
    title="Models",
    promise="Every model in one table: filter by context, price, band and capability, and see why not.",
    sections=("models", "capabilities", "virtual_models"),
)
CREDITS = _planned(
    name="credits",
    digit="4",
    title="Credits",
    promise="Balance, spend by model, provider and band, burn rate and the day the credits run out.",
    sections=("credits",),
)
JOBS = _planned(
    name="jobs",
    digit="6",
    title="Jobs",
    links=("batch", "job"),
    promise="Batches, message batches, fine-tunes and runs on one board, with their failures row by row.",
    sections=("files", "fine_tuning", "batches"),
    paths=("/v1/messages/batches",),
)
WORKBENCH = _planned(
    name="workbench",
    digit="7",
    title="Workbench",
    short="Work",
    promise="Embeddings, images, audio, moderation, tokens, and a form for any other endpoint.",
    sections=("embeddings", "audio", "images", "moderations"),
    paths=("/v1/messages/count_tokens",),
)
ASSISTANTS = _planned(
    name="assistants",
    digit="8",
    title="Assistants",
    short="Asst",
    links=("assistant", "thread", "run"),
    promise="Assistants, threads and runs, with each run drawn as the state machine it is.",
    sections=("assistants", "threads", "runs"),
)
ADMIN = _planned(
    name="admin",
    digit="9",
    title="Admin",
    promise="Enable, disable and reload: armed on purpose, confirmed in numbers, verified afterwards.",
    sections=("admin",),
)
REQUESTS = _planned(
    name="requests",
    digit="0",
    title="Requests",
    short="Reqs",
    links=("request",),
    promise="Every request this program made: headers, bodies, timing, and the same call as code.",
)
