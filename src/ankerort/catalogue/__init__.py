"""WHAT ONE NEEDS: services, standards, demand groups, rates; data files and typed records."""
