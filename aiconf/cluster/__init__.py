"""What a snapshot shows of a cluster, as facts for policies; verdicts are in ``policies/``.

Facts have three values: true, false, and null where the snapshot cannot tell because an omission hides it.
"""
