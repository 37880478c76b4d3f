"""Files from the inbox: claimed, read, judged, recorded, answered."""
