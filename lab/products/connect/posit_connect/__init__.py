"""Stand-in for Posit Connect."""
