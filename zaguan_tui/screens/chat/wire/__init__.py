"""The wire tap's parts: the request, the frames, the timing, the replay."""
