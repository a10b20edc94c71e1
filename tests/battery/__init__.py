"""What the world does to Emblink: full disks, hostile requests and words, small machines.

Each battery is seeded and short; ``scripts/torture`` runs them at large counts.
"""
