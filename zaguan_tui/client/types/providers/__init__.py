"""Response types of provider status, circuit breakers and admin calls."""
