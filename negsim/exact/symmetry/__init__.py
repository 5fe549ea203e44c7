"""Who is alike, and whose order of turns decides nothing."""
