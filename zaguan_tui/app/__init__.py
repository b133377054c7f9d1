"""The Textual application: palette, signals, crash reports, workarounds."""
