"""The open conversation without a terminal: its model, parameters, system prompt, draft place and turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zaguan_tui.screens.chat.error_messages import ConversationDeletedError
from zaguan_tui.screens.chat.models.default_model import choose_default_model
from zaguan_tui.screens.chat.send_request import NEW_CONVERSATION_DRAFT, SendRequest
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.chat.message import Dialect
from zaguan_tui.state.chat.parameters.support import filter_sent
from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest
from zaguan_tui.state.core.store import Phase

if TYPE_CHECKING:
    from zaguan_tui.state.conversations.conversation import Conversation
    from zaguan_tui.state.models.entry import ModelEntry


class ChatSession:
    """Holds one conversation at a time. Everything is sent by the turn runner of the app state."""

    def __init__(self, app_state: AppState) -> None:
        self._app_state = app_state
        self._id: str | None = None
        self._model: str | None = None
        self._system_prompt = ""
        self._dialect = Dialect.CHAT
        self._params: Mapping[str, object] = {}
        self._last_used: str | None = None
        self._under_way: set[str] = set()

    @property
    def conversation(self) -> Conversation | None:
        """The conversation as it stands; ``None`` before the first prompt."""
        return None if self._id is None else self._app_state.conversations.get(self._id)

    @property
    def id(self) -> str | None:
        """The id of the open conversation."""
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
    def dialect(self) -> Dialect:
        """The dialect the next prompt is put in."""
        return self._dialect

    @property
    def params(self) -> Mapping[str, object]:
        """The parameters of the next prompt, under the names of the chat dialect."""
        return self._params

    @property
    def entry(self) -> ModelEntry | None:
        """The catalogue entry of the model, which may be a virtual one."""
        return None if self._model is None else find_model_entry(self._app_state, self._model)

    @property
    def target(self) -> ModelTarget:
        """Where the next prompt goes, without the parameters that the model is known to refuse."""
        return ModelTarget(self._model or "", self._dialect, filter_sent(self._params, self.entry))

    @property
    def draft_place(self) -> str:
        """The key under which the draft of this conversation is stored."""
        return draft_place(self._id)

    @property
    def answering(self) -> bool:
        """Whether an answer streams, or its prompt is being sent."""
        return self._id is not None and (
            self._id in self._under_way or self._app_state.turns.answering(self._id)
        )

    def choose_first_model(self) -> None:
        """Take a model if none was chosen and the catalogue has come; where the server has none, the one
        used last.
        """
        if self._model is None:
            models = self._app_state.models
            absent = models.store.snapshot.phase is Phase.ABSENT
            self._model = (
                self._last_used if absent else choose_default_model(models.catalogue.entries, self._last_used)
            )

    async def remember_model(self) -> None:
        """Look up which model the latest conversation was with: a new one begins with it too."""
        recent = await self._app_state.conversations.recent(1)
        if recent and self._id is None:
            self._last_used = recent[0].model
            if self._app_state.models.catalogue.entries:
                self._model = None
            self.choose_first_model()

    async def choose_model(self, model: str) -> None:
        """Send to this model from now on. Raises ``ConversationGoneError``."""
        self._model = model
        await _change(self._app_state, self._id, model=model)

    async def set_system_prompt(self, text: str) -> None:
        """Give this conversation another system prompt. Raises ``ConversationGoneError``."""
        self._system_prompt = text
        await _change(self._app_state, self._id, system_prompt=text)

    async def set_dialect(self, dialect: Dialect) -> None:
        """Put prompts in this dialect from now on. Raises ``ConversationGoneError``."""
        self._dialect = dialect
        await _change(self._app_state, self._id, dialect=dialect)

    async def set_params(self, params: Mapping[str, object]) -> None:
        """Send these parameters from now on. Raises ``ConversationGoneError``."""
        self._params = dict(params)
        await _change(self._app_state, self._id, params=self._params)

    def start_new(self) -> None:
        """Begin a new conversation; model, dialect, parameters and system prompt stay."""
        self._id = None

    async def fetch(self, conversation_id: str) -> None:
        """Read an earlier conversation, for :meth:`take`. Raises ``ConversationGoneError``."""
        try:
            await self._app_state.conversations.open(conversation_id)
        except KeyError as error:
            raise ConversationDeletedError(conversation_id) from error

    def take(self, conversation_id: str) -> Conversation:
        """Make a fetched conversation the open one."""
        conversation: Conversation = self._app_state.conversations.get(conversation_id)
        self._id = conversation.id
        self._model = conversation.model or self._model
        self._system_prompt = conversation.system_prompt
        self._dialect, self._params = conversation.dialect, conversation.params
        return conversation

    def ask(self, question: PromptRequest, targets: Sequence[ModelTarget] = ()) -> SendRequest:
        """Fix what a question is sent to: these targets, or the one of the session.

        From now on the session is :attr:`answering`; :meth:`deliver` the request.
        """
        place = self.draft_place
        if self._id is None:
            conversation = self._app_state.conversations.create(
                self._model, self._system_prompt, dialect=self._dialect, params=self._params
            )
            self._id = conversation.id
        self._under_way.add(self._id)
        return SendRequest(self._id, tuple(targets) or (self.target,), question, place)

    def ask_again(
        self, turn_id: str | None = None, targets: Sequence[ModelTarget] = ()
    ) -> SendRequest | None:
        """The same for the prompt of a turn (``None``: the last); ``None`` when there is no turn."""
        conversation = self.conversation
        if conversation is None or not conversation.turns:
            return None
        self._under_way.add(conversation.id)
        repeated = turn_id or conversation.turns[-1].id
        return SendRequest(
            conversation.id, tuple(targets) or (self.target,), None, self.draft_place, repeated
        )

    async def deliver(self, request: SendRequest) -> None:
        """Put the prompt and wait until its answer is over. Raises as the turn runner does."""
        turns = self._app_state.turns
        try:
            if request.question is None:
                await turns.regenerate_all(request.conversation_id, request.turn_id or "", request.targets)
            else:
                await turns.send_all(request.conversation_id, request.question, request.targets)
        except Exception:
            self.withdraw(request)
            raise
        finally:
            self._under_way.discard(request.conversation_id)

    def withdraw(self, request: SendRequest) -> None:
        """Do not send a request. A conversation whose first prompt never began is dropped: nothing would lead
        to its drafts.
        """
        self._under_way.discard(request.conversation_id)
        begun = request.draft_place != NEW_CONVERSATION_DRAFT or self._id != request.conversation_id
        if not begun and not self._app_state.conversations.get(request.conversation_id).turns:
            self._id = None

    def stop(self) -> bool:
        """Stop the answer that is coming; whether there was one."""
        return bool(self._id is not None and self._app_state.turns.stop(self._id))


async def _change(app_state: AppState, conversation_id: str | None, **changes: Any) -> None:
    if conversation_id is None:
        return
    try:
        await app_state.conversations.change(conversation_id, **changes)
    except KeyError as error:
        raise ConversationDeletedError(conversation_id) from error


def find_model_entry(app_state: AppState, model: str) -> ModelEntry | None:
    """The catalogue entry of a model, which may be a virtual one."""
    models = app_state.models
    return models.entry(model) or app_state.virtual_models.entry(model, models.catalogue)


def draft_place(conversation_id: str | None) -> str:
    """The key of a conversation's draft; ``None`` is the conversation that is not begun yet."""
    return NEW_CONVERSATION_DRAFT if conversation_id is None else f"conversation:{conversation_id}"
