"""How often the judgement claims what is not so, and how often it sees what is."""
