"""Watching a model train: one space after the other into a bundle, beside the training loop."""
