"""What the playground does, without a terminal: the conversation on the desk, its model, its draft, its
turns."""

from __future__ import annotations

from zaguan_tui.screens.playground.choice import first_model
from zaguan_tui.state.conversation import Conversation
from zaguan_tui.state.house import House

NEW_DRAFT = "playground:new"


class Desk:
    """Holds one conversation at a time. Everything that sends goes through the house's one turn runner."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._id: str | None = None
        self._model: str | None = None
        self._system_prompt = ""
        self._last_used: str | None = None

    @property
    def conversation(self) -> Conversation | None:
        """The conversation as it stands; ``None`` before the first prompt."""
        return None if self._id is None else self._house.conversations.get(self._id)

    @property
    def id(self) -> str | None:
        """The id of the conversation on the desk."""
        return self._id

    @property
    def model(self) -> str | None:
        """The model the next prompt goes to."""
        return self._model

    @property
    def system_prompt(self) -> str:
        """The system prompt of this conversation."""
        return self._system_prompt

    @property
    def draft_place(self) -> str:
        """Where the draft of this conversation is kept."""
        return NEW_DRAFT if self._id is None else f"conversation:{self._id}"

    @property
    def answering(self) -> bool:
        """Whether an answer is coming."""
        return self._id is not None and self._house.turns.answering(self._id)

    def choose_first_model(self) -> None:
        """Take a model if none was chosen and the catalogue has come."""
        if self._model is None:
            self._model = first_model(self._house.models.catalogue.entries, self._last_used)

    async def remember_model(self) -> None:
        """Look up which model the latest conversation was with: a new one begins with it too."""
        recent = await self._house.conversations.recent(1)
        if recent and self._id is None:
            self._last_used = recent[0].model
            entries = self._house.models.catalogue.entries
            self._model = first_model(entries, self._last_used) if entries else self._model

    async def choose_model(self, model: str) -> None:
        """Send to this model from now on."""
        self._model = model
        if self._id is not None:
            await self._house.conversations.change(self._id, model=model)

    async def set_system_prompt(self, text: str) -> None:
        """Give this conversation another system prompt."""
        self._system_prompt = text
        if self._id is not None:
            await self._house.conversations.change(self._id, system_prompt=text)

    def start_new(self) -> None:
        """Clear the desk; model and system prompt stay."""
        self._id = None

    async def take(self, conversation_id: str) -> Conversation:
        """Put an earlier conversation on the desk. Raises ``KeyError`` when it is gone."""
        conversation: Conversation = await self._house.conversations.open(conversation_id)
        self._id = conversation.id
        self._model = conversation.model or self._model
        self._system_prompt = conversation.system_prompt
        return conversation

    async def send(self, prompt: str) -> None:
        """Put a prompt and wait until its answer is over. Needs a model."""
        if self._id is None:
            self._id = self._house.conversations.create(self._model, self._system_prompt).id
        await self._house.turns.send(self._id, prompt, model=self._model)

    async def retry(self) -> None:
        """Ask the last question again."""
        if self._id is not None:
            await self._house.turns.regenerate(self._id, model=self._model)

    def stop(self) -> bool:
        """Stop the answer that is coming; whether there was one."""
        return bool(self._id is not None and self._house.turns.stop(self._id))
