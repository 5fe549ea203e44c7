"""The version, where every part can have it."""

VERSION = "0.1.0"
