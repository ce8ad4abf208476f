"""How a task of the plan comes along: its sub-tasks, its milestones, what is reported each quarter."""
