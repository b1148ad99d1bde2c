"""The timetable room: GTFS feeds to one service day of connections, stop matrices, stops without departures."""

from ankerort.network.timetable.build_timetable import build_timetable, build_timetables
from ankerort.network.timetable.served_stops import stops_without_departures
from ankerort.network.timetable.stop_matrix import read_stop_matrix

__all__ = ["build_timetable", "build_timetables", "read_stop_matrix", "stops_without_departures"]
