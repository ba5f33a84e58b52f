"""The site played from within: actions performed, and every page in every state."""
