"""Processes forked from one that has imported everything and read the library: starting one takes no seconds."""

from __future__ import annotations

import multiprocessing

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.forked"])  # once for all: there is one such server in a process
