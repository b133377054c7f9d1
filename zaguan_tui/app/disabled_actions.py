"""Disabled actions: greyed in the key bar, and a press of the key gives the reason in a notification."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from textual.actions import ActionParseResult
from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode

from zaguan_tui.screens.common.base_screen import explain_disabled

Result = TypeVar("Result")


class DisablingApp(App[Result]):
    """An app that asks before every action of the registry, whichever widget it is bound on, whether it can
    run now (:func:`explain_disabled`: the screen's reason, or read-only mode).

    Keys shared by several actions: the reason is given only when none of them runs.
    """

    _reason = ""
    _handles_key = False

    def _check_action_state(self, action: str, default_namespace: DOMNode) -> bool | None:
        state: bool | None = super()._check_action_state(action, default_namespace)
        return None if state and self._explain(action, default_namespace) else state

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action unless it is disabled. From the palette or a click, the reason is given at once."""
        node = default_namespace or self
        reason = self._explain(action, node) if isinstance(action, str) else ""
        if not reason or super()._check_action_state(str(action), node) is False:
            return await super().run_action(action, default_namespace, namespaces)
        if self._handles_key:
            self._reason = self._reason or reason
        else:
            self._notify_reason(reason)
        return False

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        self._handles_key, self._reason = True, ""
        try:
            handled: bool = await super()._check_bindings(key, priority)
        finally:
            self._handles_key = False
        if handled or not self._reason:
            return handled
        self._notify_reason(self._reason)
        return True

    def _explain(self, action: str, node: DOMNode) -> str:
        action_id = _action_ids(type(node)).get(action)
        return explain_disabled(self, action_id) if action_id is not None else ""

    def _notify_reason(self, reason: str) -> None:
        self.notify(f"{reason[:1].upper()}{reason[1:]}", severity="warning", markup=False)


@cache
def _action_ids(node: type[Any]) -> Mapping[str, str]:
    """The ids of the actions bound on a class of nodes, by their action strings."""
    return {
        binding.action: binding.id
        for base in reversed(node.__mro__)
        for binding in base.__dict__.get("BINDINGS", ())
        if isinstance(binding, Binding) and binding.id is not None
    }
