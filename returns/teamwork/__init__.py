"""Work on cases by several people: assigning, handing over, watching, and who has a case open."""
