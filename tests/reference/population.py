"""Slow and obvious versions of the overlap of grids and of raking."""

from __future__ import annotations


def overlap_slow(small, large):
    """Shares of each small square in each large one: lists of (x, y, size); a point belongs to the square around it."""
    out = []
    for sx, sy, ss in small:
        row = []
        for lx, ly, ls in large:
            if ss == 0:
                inside = lx - ls / 2 <= sx < lx + ls / 2 and ly - ls / 2 <= sy < ly + ls / 2
                row.append(1.0 if inside else 0.0)
                continue
            wide = min(sx + ss / 2, lx + ls / 2) - max(sx - ss / 2, lx - ls / 2)
            high = min(sy + ss / 2, ly + ls / 2) - max(sy - ss / 2, ly - ls / 2)
            row.append(max(wide, 0.0) * max(high, 0.0) / (ss * ss))
        out.append(row)
    return out


def rake_slow(persons, weights, class_of_atom, targets, rounds):
    """Plain loops: persons of each cell by atom, scaled in turn to each margin's class totals and to the persons.

    `class_of_atom` has one list per margin (class index of each atom); `targets` one list per margin with, for each cell,
    the persons by class. Every class is known and every margin covers all ages.
    """
    rows = [[p * w for w in weights] for p in persons]
    for _ in range(rounds):
        for member, target in zip(class_of_atom, targets, strict=True):
            for i, row in enumerate(rows):
                for k, wanted in enumerate(target[i]):
                    have = sum(v for a, v in enumerate(row) if member[a] == k)
                    if have > 0:
                        for a in range(len(row)):
                            if member[a] == k:
                                row[a] *= wanted / have
                total = sum(row)
                for a in range(len(row)):
                    row[a] *= persons[i] / total
    return rows
