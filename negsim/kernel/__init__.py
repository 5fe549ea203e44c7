"""What can happen next: state, events and their effects, the day. Pure: it asks, and never draws."""
