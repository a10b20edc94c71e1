"""Carry one bundle to one browser: loopback only, behind a token, nothing computed here."""

from emblink.server._app import Server, application, serve, unguarded

__all__ = ["Server", "application", "serve", "unguarded"]
