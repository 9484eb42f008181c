"""Teams of staff, absence with a stand-in, and the choices of each person."""
