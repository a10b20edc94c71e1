"""The parts of the layout benchmark: data, engines, scores, trials, and the tables they fill."""
