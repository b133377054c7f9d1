"""The async client for the Zaguan CoreX gateway and for other OpenAI- or Anthropic-compatible servers."""
