"""Timetables: GTFS feeds or a stop-to-stop matrix become one service day."""
