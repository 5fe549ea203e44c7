"""What a scenario says: frozen values and typed expressions; no YAML, no engine."""
