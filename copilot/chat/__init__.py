"""What members write: from messages to signals."""
