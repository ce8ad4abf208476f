"""/api/v1/: the figures and what they stand on, for other systems; read only, by token, as `schema` describes it."""
