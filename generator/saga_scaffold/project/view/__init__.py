"""What templates see: frozen values with every name, type, import and order decided. Pure."""
