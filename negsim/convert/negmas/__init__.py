"""NegMAS scenarios as YAML or JSON -> a domain, or every problem.

NegMAS writes the outcome space into one file (`issues`) and each utility function into another (`profile`).
Discrete issues are taken, and utilities that are a sum over issues: `LinearAdditiveUtilityFunction`,
`LinearUtilityFunction`, `AffineUtilityFunction`, also within a discount, which is left out with a warning.
What is worth what is taken as it stands (`functions`).
"""

from negsim.convert.negmas.issues import is_domain, issues_of
from negsim.convert.negmas.profile import is_profile, profile_of

__all__ = ["is_domain", "is_profile", "issues_of", "profile_of"]
