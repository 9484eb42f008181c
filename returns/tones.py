"""How the states of a case look. Imported when the app is ready."""

from returns.lifecycle.states import STATES
from signoff.web.tones import TONES

TONES |= {status: state.tone for status, state in STATES.items()}
