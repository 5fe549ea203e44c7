"""One run: SimPy keeps the calendar, chance and policies answer, events come out."""
