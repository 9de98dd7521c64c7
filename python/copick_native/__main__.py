"""``python -m copick_native``: the command."""

from copick_native._command import main

main()
