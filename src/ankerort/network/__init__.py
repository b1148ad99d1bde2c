"""HOW ONE MOVES: streets, timetable and the links between them."""
