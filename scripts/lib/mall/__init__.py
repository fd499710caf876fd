"""The mall on one machine: PostgreSQL, NATS, the services and nginx under one supervisor. scripts/run is the program."""
