"""How small vectors may become: fewer dims and bits, and what each keeps of a search."""

from emblink.budget._allowed import Allowed, read_allowed
from emblink.budget._budget import as_json, budget
from emblink.budget._bundle import in_bundle
from emblink.budget._rungs import Rung, rungs

__all__ = ["Allowed", "Rung", "as_json", "budget", "in_bundle", "read_allowed", "rungs"]
