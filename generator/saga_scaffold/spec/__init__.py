"""The saga as a value: its model, how it is read, what it must satisfy, how two of them differ. Pure."""
