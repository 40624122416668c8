"""`python -m bot` is `sunbae`."""

from bot.cli import main

main()
