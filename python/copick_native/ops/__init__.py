"""Verbs over projects, with the names of the reference's ``copick.ops``."""
