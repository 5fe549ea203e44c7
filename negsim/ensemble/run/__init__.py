"""The runs themselves, here, by processes, on a cluster."""
