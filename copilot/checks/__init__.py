"""What must hold of a text before it is sent."""
