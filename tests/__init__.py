"""The suite. Its workers have a core each: a second thread that multiplies would only wait for another worker's."""

import bot  # noqa: F401  # before NumPy, which is on one thread then
