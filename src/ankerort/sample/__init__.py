"""Generated regions with known answers, written as real files: the built-in sample and the tests' worlds."""
