"""What staff are notified about: the bell, the page of all notifications, the daily mail."""
