"""Compare: two to six models on one prompt, side by side, ranked while they stream."""
