"""The internal shape of every answer, and the tolerant readers that fill it.

One module per subject: frozen value types and a ``read_…`` function that takes a decoded JSON body in any
known dialect. A reader returns a value or raises
:class:`~zaguan_tui.client.types.core.primitives.UnreadableValue`; nothing else leaves it. Nothing is imported
here, so that a caller pays for the subject it asks for and no other.
"""
