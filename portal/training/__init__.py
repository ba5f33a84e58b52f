"""Classes and seats: a room of people who each practise with their own invented participants. Exists only in a demo.

Domain tables know nothing of this: a seat owns generated participants, a mailbox key, a phone and a clock.
"""
