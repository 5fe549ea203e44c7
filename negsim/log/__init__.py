"""The record: event and header, JSON lines, the store, fold, why."""
