"""Request models of the catalogue, one module per group of calls; imported only to check or describe one."""
