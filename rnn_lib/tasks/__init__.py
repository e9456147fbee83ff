"""What the network is for: the two applications of the lecture, each a module to import by name."""
