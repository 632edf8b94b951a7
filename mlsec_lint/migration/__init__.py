"""From Bandit to here: what its configuration and its baseline say, in our words."""
