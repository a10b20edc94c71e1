"""Carry one bundle in files that need no server; nothing is computed here."""

from emblink.export._choice import Choice
from emblink.export._export import MAX_MB, Exported, export
from emblink.export._write import write_file

__all__ = ["MAX_MB", "Choice", "Exported", "export", "write_file"]
