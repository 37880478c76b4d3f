"""Takes files in from the inbox: each is claimed, read, judged, recorded and answered."""
