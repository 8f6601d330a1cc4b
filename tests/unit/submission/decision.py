"""The expression that decides over a sentence's marks; ``rules/layered.yaml`` holds it in two rules."""

DECISION = """
item.marks.exists(m, size(m.guards) == 0 && (
  m.kind == 'comparison'
  || m.kind == 'gap'
  || m.strength == 'construction' && 'base' in item.speaks_of
  || m.strength == 'hint' && 'base' in item.speaks_of && item.marks.exists(o,
       o.strength != 'hint' && !(o.kind in ['comparison', 'before_after'])
       && o.subject in ['base', 'none', 'workload', 'people'])
  || m.subject == 'base' && m.strength == 'strong' && (
       m.tie in ['subject', 'user', 'load', 'topic', 'place', 'sentence']
       || m.tie == 'component' && m.kind in ['lack', 'limit', 'blame', 'manual'])
  || m.subject == 'base' && m.strength == 'weak' && (
       m.tie == 'subject' || m.kind == 'negation' && m.tie in ['user', 'topic'])
  || m.subject == 'other_platform' && m.strength == 'strong' && 'own' in item.speaks_of))
"""
