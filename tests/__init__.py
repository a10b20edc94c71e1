"""The tests. A worker of pytest-xdist shares its cores with others: its BLAS makes one thread."""

import os

if "PYTEST_XDIST_WORKER" in os.environ:
    for _name in (
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ):
        os.environ.setdefault(_name, "1")
