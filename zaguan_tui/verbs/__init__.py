"""What the command line can do, one file for each verb. Each is imported only when it is asked for."""
