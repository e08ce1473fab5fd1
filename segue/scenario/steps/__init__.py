"""Steps: what can happen in a scenario. One file a subject; the table of all of them is at the foot of each."""
