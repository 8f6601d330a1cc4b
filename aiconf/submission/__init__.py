"""What a submission says, as plain facts for rules to judge."""
