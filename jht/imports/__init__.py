"""Bringing in spreadsheets: opening them safely, reading their headings, judging and writing their rows."""
