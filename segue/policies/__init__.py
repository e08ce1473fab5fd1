"""Policies: the rules a shop chooses from. Pure; one file a kind. A plug-in is a module like these."""
