"""What people, and people with bad intentions, type, and how to tell that it stayed what they typed."""
