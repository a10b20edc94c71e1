"""Numbers from which on something is claimed, told or settled, that several rooms go by."""

FEWEST_ITEMS = 30
"""No claim is made on a label with fewer items."""

MOST_REPORTED = 100
"""Pairs of labels that a report holds."""

ENOUGH_REPLICATES = 3
"""With fewer the answer is provisional: one run that differs cannot be told from two."""

NEARLY_ALL = 0.9
"""Share of its neighbours that an item keeps which did not change, whatever noise does."""
