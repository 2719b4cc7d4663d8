"""Stand-in for Posit Package Manager."""
