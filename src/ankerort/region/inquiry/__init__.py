"""The round with the municipalities: what they are asked, what they answer, and how answers enter the region."""
