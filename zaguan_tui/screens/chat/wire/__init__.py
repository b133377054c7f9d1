"""The wire panel: the request, the frames, the timing, the replay."""
