"""A seat and everything of it: made, kept up with its day, put back, left."""
