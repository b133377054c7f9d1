"""What all response readers share: base class, primitives, times, pages, envelopes."""
