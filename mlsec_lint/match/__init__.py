"""Where rules meet code: each kind of match table against what the evaluation saw."""
