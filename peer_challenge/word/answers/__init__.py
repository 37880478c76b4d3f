"""From text to answers: which cell is whose, ratings, days."""
