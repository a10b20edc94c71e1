"""Items that changed together between two spaces: found, and explained."""
