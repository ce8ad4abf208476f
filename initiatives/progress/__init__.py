"""How a task of the plan comes along: its sub-tasks and milestones."""
