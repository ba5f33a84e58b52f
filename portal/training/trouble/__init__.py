"""What goes wrong on purpose: which faults there are, how they are thrown, where they come true."""
