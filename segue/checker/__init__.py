"""The workflow checker: every state that small orders can come to under a workflow, and what would break there."""
