"""WHERE TO BUNDLE: anchor places and bundles: problem, model, heuristic, bound, Pareto front, explanation."""
