"""A realtime session as living state: its status, its turns, its log of events, its sound."""
