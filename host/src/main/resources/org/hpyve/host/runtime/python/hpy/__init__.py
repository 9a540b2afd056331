"""HPy on Hpyve."""
