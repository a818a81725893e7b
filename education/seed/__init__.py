"""Seed content: reading education/content, checking it, and writing it into the database."""
