"""Who chooses: choices made beforehand, policies and strategies of the user's own, tables of best play."""
