"""The suite. Its workers have a core each: a second thread that multiplies would only wait for another worker's."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is imported, by the bots that tests start as well
