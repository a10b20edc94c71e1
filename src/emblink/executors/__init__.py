"""Heavy blocks of work on other threads, processes or machines: anything that has ``submit``."""

from emblink.executors._context import Elsewhere, Workplace, elsewhere, working_on
from emblink.executors._jobs import Job, perform
from emblink.executors._kinds import KINDS, Workers, check, opened
from emblink.executors._run import run_jobs

__all__ = [
    "KINDS",
    "Elsewhere",
    "Job",
    "Workers",
    "Workplace",
    "check",
    "elsewhere",
    "opened",
    "perform",
    "run_jobs",
    "working_on",
]
