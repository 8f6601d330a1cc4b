"""What a cluster shows at one moment: collected read-only, or read from what other tools have written.

``collection`` is what a snapshot holds, as data; ``collect`` records a cluster and ``load`` reads files; both give a
``Snapshot``, in the form that ``format`` defines. ``index`` finds its objects. The Kubernetes client is imported only
in ``collect``, when it runs.
"""
