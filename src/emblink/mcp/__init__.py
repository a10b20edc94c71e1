"""Answers for agents: a server of the Model Context Protocol on standard input and output."""

from emblink.mcp._serve import serve

__all__ = ["serve"]
