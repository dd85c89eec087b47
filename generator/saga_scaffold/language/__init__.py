"""English as far as business processes need it: verbs with their forms, and what commands are usually about."""
