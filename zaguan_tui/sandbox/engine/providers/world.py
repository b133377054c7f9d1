"""Look-up of the providers and models of a run."""

from __future__ import annotations

from zaguan_tui.sandbox.data.records import ModelData, ProviderData, VirtualModelData, WorldData


class World:
    """Look-ups over the world data; a reload puts a new one in its place, `add` is for tuned models."""

    def __init__(self, data: WorldData) -> None:
        self.data = data
        self.providers: dict[str, ProviderData] = {provider.id: provider for provider in data.providers}
        self.models: dict[str, ModelData] = {}
        self.virtual_models: dict[str, VirtualModelData] = {
            virtual_model.id: virtual_model for virtual_model in data.virtual_models
        }
        self._by_bare_name: dict[str, ModelData] = {}
        self._of_provider: dict[str, list[ModelData]] = {provider.id: [] for provider in data.providers}
        self.rendered: dict[str, bytes] = {}
        """Rendered lists of all models by shape; dropped when a model is added or removed."""
        for model in data.models:
            self.add(model)

    def add(self, model: ModelData) -> None:
        """Add a model."""
        self.rendered.clear()
        self.models[model.id] = model
        self._of_provider[model.provider].append(model)
        # The maker's own listing comes first in the file order, so a reseller never takes its bare name.
        self._by_bare_name.setdefault(model.id.partition("/")[2], model)

    def remove(self, model: ModelData) -> None:
        """Remove a model that was added."""
        self.rendered.clear()
        del self.models[model.id]
        self._of_provider[model.provider].remove(model)
        self._by_bare_name.pop(model.id.partition("/")[2], None)

    def find(self, name: str) -> ModelData | None:
        """The model called ``name``, with its provider's prefix or without (design notes of the SDKs)."""
        return self.models.get(name) or self._by_bare_name.get(name)

    def models_of(self, provider: str) -> tuple[ModelData, ...]:
        """Every model of one provider, in file order."""
        return tuple(self._of_provider[provider])

    def provider_name(self, provider_id: str) -> str:
        """The provider's name, its id when a reload has removed it."""
        provider = self.providers.get(provider_id)
        return provider_id if provider is None else provider.name

    def provider_of(self, model: ModelData) -> ProviderData:
        """The provider that serves ``model``."""
        return self.providers[model.provider]
