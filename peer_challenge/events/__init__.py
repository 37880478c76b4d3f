"""When challenge events take place, and with which Chair."""
