"""Files that come with a form: what may be passed on, as copies with nothing active and no authors."""
