"""Real servers for tests: started on free loopback ports with data that is thrown away, stopped by process id."""
