"""Scenarios as texts: their words, how they are read, filled, tried and told in the documents."""
