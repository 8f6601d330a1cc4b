"""Findings that are accepted with a reason: by a comment in the input, or by an entry of an exceptions file.

What is wrong with a suppression (no reason, expired, unused, unknown) is for the rules of ``rules/suppression.yaml``;
here are the facts that they read, and the findings that are marked.
"""
