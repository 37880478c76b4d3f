"""From the text of a document to answers: which cell holds which answer, ratings, dates."""
