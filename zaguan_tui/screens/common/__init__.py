"""What every screen shares: base class, connection flow, notices, navigation history."""
