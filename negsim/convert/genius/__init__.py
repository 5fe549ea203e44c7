"""GENIUS domains (the XML of the ANAC competitions) -> a domain, or every problem.

A domain file is a `negotiation_template` (`issues`); each profile is a `utility_space` (`profile`). Only linear
additive profiles over discrete and whole-number issues are taken. What an evaluation means is not the same
everywhere, so it is chosen (`worths`).
"""

from negsim.convert.genius.issues import DOMAIN, PROFILE, issues_of
from negsim.convert.genius.profile import profile_of
from negsim.convert.genius.worths import Meaning

__all__ = ["DOMAIN", "PROFILE", "Meaning", "issues_of", "profile_of"]
