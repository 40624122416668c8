"""Sunbae (선배), a study-group bot: an async core, and a folder for each platform."""

import os

# NumPy reads it when it is imported. A second thread makes one question a little faster, and all of them take up to
# half as much again of the CPU that every chat shares.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
