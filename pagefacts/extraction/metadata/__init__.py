"""What an HTML page says of its article, field by field, and where it says so."""
