"""Living state: what is known about the gateway, how old it is, and what went wrong on the way.

Nothing here draws and nothing here speaks HTTP. A poller asks, a store remembers, whoever looks watches.
"""
