"""What a trainer sees and says: board, messages, looking along, debrief, statements, certificates."""
