"""Lists that a district really has, turned into the rows that the reader of facility lists takes."""
