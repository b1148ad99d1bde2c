"""WHAT IS THERE: places, municipalities, population cells, facilities; readers of foreign formats; checks."""
