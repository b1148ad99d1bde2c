"""HOW IT IS TOLD: workbook, geopackage, report."""
