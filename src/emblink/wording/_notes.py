"""Notes on a size and on labels, each a clause."""

CLUSTERS_STAY = "clusters stay, but the order inside them is new"
ELSEWHERE = "the nearest neighbours stay, but what lies around them is new"
INNER_ORDER = "same cluster, other inner order"
MOVED_ALIKE = "moved no more than all labels did"
