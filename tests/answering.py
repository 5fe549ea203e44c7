"""Answers, under whatever Python it is run with, each line of standard input with a digest of the run it asks for."""

import json
import sys

from digests import digest, log_of

import negsim

for line in sys.stdin:
    asked = json.loads(line)
    log = log_of(negsim.load_text(asked["scenario"]), asked["settings"])
    print(digest(log), flush=True)  # noqa: T201
