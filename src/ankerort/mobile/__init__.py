"""What comes to you: wishes, stops, rhythm, tours, timetable of mobile services."""
