"""Run the command line: ``python -m zaguan_tui``."""

from zaguan_tui.cli.main import main

raise SystemExit(main())
