"""Stand-in for Posit Workbench: server, launcher, sessions."""
