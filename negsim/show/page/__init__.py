"""Pages in HTML that stand alone: a run, told to someone who does not use negsim."""
