"""GeniusWeb's JSON (the ANL competitions of 2022 and 2023) -> a domain, or every problem.

A domain lists the values of each issue, or gives a range of numbers (`issues`); each profile is a
`LinearAdditiveUtilitySpace`: a weight for each issue, a utility for each of its values, both taken as they
stand (`profile`). What no deal is worth is the utility of the reservation bid.
"""

from negsim.convert.geniusweb.issues import is_domain, issues_of
from negsim.convert.geniusweb.profile import is_profile, profile_of

__all__ = ["is_domain", "is_profile", "issues_of", "profile_of"]
