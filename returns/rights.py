"""The rights of the case, as permissions are named: who judges, who approves, who looks at the goods."""

REVIEW = "returns.review_case"
APPROVE = "returns.approve_case"
INSPECT = "returns.inspect_case"
