"""Helpers with the names of the reference's ``copick.util``."""
