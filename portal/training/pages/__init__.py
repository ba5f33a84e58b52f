"""The pages of the room, trainee's and trainer's, and what is typed on them."""
