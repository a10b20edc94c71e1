"""Bundles under damage, full disks, kills and strangers' files."""
