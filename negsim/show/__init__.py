"""Results as text, tables, documents and graphs."""
