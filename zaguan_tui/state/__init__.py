"""State: snapshots, pollers, conversations and alerts of a gateway, each with its age and its problems.

Nothing here draws and nothing here speaks HTTP. A poller asks, a store remembers, whoever looks watches.
"""
