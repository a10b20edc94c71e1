"""Parts of the benchmark of neighbours."""
