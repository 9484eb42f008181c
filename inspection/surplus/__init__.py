"""Units that came beyond what a case expects: recorded when goods are received, decided at the desk."""
