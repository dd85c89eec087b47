"""What a spec must satisfy, one small function for each rule; each gives a finding for every place that breaks it."""
