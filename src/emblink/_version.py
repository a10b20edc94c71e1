"""The version of Emblink, once."""

VERSION = "0.1.0"
