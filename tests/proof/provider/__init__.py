"""A provider for tests: a process of its own with its own ledger, whose faults follow a script.

``python -m tests.proof.provider LEDGER`` serves it; ``tests.proof.provider.gateway`` is our side of it, registered
like any other gateway. Faults that ``POST /script`` may name for a refund, one for each time it is sent:

==============  =======================================================================
ok              pays
decline         402, for good
busy, conflict  429, 409: nothing happens and nothing is kept
error           500 without paying; the answer is kept for the key
error_after     pays, then answers 500; the answer is kept for the key
drop            closes the connection before paying
drop_after      pays, then closes the connection
stall           pays, then says nothing until the caller gives up
pending         takes it, and pays at ``POST /finish``
pending_fail    takes it, and fails at ``POST /finish``
mute            ``GET /refunds`` answers 500 once, and so does the call that follows
==============  =======================================================================

Keys are forgotten after 24 hours of the provider's clock, which ``POST /clock`` sets.
"""

PORT = "HOMEWARD_FAKE_PROVIDER"  # the variable in which workers find the number of its port
