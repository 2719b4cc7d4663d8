"""What the three stand-in products share."""
