"""Streamed answers: decoding, life cycle, endings and timings."""
