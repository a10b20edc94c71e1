"""Carry one bundle to one browser: loopback only, behind a token, nothing computed here."""

from emblink.server._app import unguarded
from emblink.server._serve import Server, application, serve

__all__ = ["Server", "application", "serve", "unguarded"]
