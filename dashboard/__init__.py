"""The web page of the programme office."""
