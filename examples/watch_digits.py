"""Train a small network on digits, and watch what it makes of those that it does not see.

Run ``python examples/watch_digits.py run.emblink``, and ``emblink open run.emblink --follow``
beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

import emblink as eb

STEPS = 6000
HELD_OUT = 500


class Network:
    """Two hidden layers; the second is the space that is watched."""

    def __init__(self, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        sizes = (64, 128, 32, 10)
        self.weights = [rng.normal(0, np.sqrt(2 / a), (a, b)) for a, b in pairwise(sizes)]

    def layers(self, x: np.ndarray) -> list[np.ndarray]:
        """Return the input, both hidden layers, and the scores of the ten digits."""
        outputs = [x]
        for weights in self.weights[:-1]:
            outputs.append(np.maximum(outputs[-1] @ weights, 0))
        return [*outputs, outputs[-1] @ self.weights[-1]]

    def embed(self, x: np.ndarray) -> np.ndarray:
        """Return the second hidden layer."""
        return self.layers(x)[2]

    def learn(self, x: np.ndarray, y: np.ndarray, *, rate: float = 0.005) -> float:
        """Take one step down the gradient, and return the loss."""
        outputs = self.layers(x)
        scores = np.exp(outputs[-1] - outputs[-1].max(axis=1, keepdims=True))
        chances = scores / scores.sum(axis=1, keepdims=True)
        loss = -float(np.log(chances[np.arange(len(y)), y] + 1e-9).mean())
        chances[np.arange(len(y)), y] -= 1
        blame = chances / len(y)
        for at in reversed(range(len(self.weights))):
            gradient = outputs[at].T @ blame
            blame = (blame @ self.weights[at].T) * (outputs[at] > 0)
            self.weights[at] -= rate * gradient
        return loss


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Return pictures of digits, and which digit each is."""
    found = load_digits()
    order = np.random.default_rng(0).permutation(len(found.target))
    return found.data[order] / 16, found.target[order]


def train(
    network: Network, each: Callable[[int, float], None], *, steps: int = STEPS, seed: int = 0
) -> None:
    """Train on all but the digits that are held out."""
    x, y = digits()
    x, y = x[HELD_OUT:], y[HELD_OUT:]
    for step, rows in enumerate(_batches(len(y), steps, seed)):
        each(step, network.learn(x[rows], y[rows]))


def _batches(n: int, steps: int, seed: int) -> Iterator[np.ndarray]:
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        yield rng.integers(0, n, 128)


def main(path: str, *, steps: int = STEPS, seed: int = 0) -> None:
    """Train, and log twenty steps."""
    network = Network(seed)
    probe, labels = (one[:HELD_OUT] for one in digits())
    with eb.Watch(path, labels=labels, title=Path(path).stem) as watch:

        def each(step: int, loss: float) -> None:
            if step % (steps // 20) == 0:
                watch.log(step, network.embed(probe), loss=loss)

        train(network, each, steps=steps, seed=seed)


if __name__ == "__main__":
    main(sys.argv[1])
