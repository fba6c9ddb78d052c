"""Clients of the outside services: one file each, all on one small base class."""
