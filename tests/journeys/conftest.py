"""The rooms' fixtures, for journeys through several of them."""

from screens.conftest import _no_keys_of_the_developer, make_app, sandbox

__all__ = ["_no_keys_of_the_developer", "make_app", "sandbox"]
