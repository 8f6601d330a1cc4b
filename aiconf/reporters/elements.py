"""Builds HTML and SVG as a tree, so that no text can ever be taken for markup."""

from __future__ import annotations

from xml.etree.ElementTree import Element, tostring

from aiconf.reporters.plain import visible

__all__ = ["Child", "Element", "element", "html_text"]

Child = Element | str | None


def element(tag: str, *children: Child, **attributes: str | bool) -> Element:
    """An element with its children in order; None is nothing.

    Args:
        tag: The element's name.
        children: Elements and texts.
        attributes: ``class_`` is ``class``, other underscores are hyphens; True is a bare attribute, False is none.
    """
    node = Element(tag)
    for name, value in attributes.items():
        if value is not False:
            node.set(name.rstrip("_").replace("_", "-"), visible(value) if isinstance(value, str) else name)
    for child in children:
        if isinstance(child, str):
            _append_text(node, visible(child))
        elif child is not None:
            node.append(child)
    return node


def html_text(root: Element) -> str:
    """The tree as an HTML document; the content of ``script`` and ``style`` stands as it is, as HTML wants it."""
    return f"<!DOCTYPE html>\n{tostring(root, encoding='unicode', method='html')}\n"


def _append_text(node: Element, text: str) -> None:
    if len(node):
        node[-1].tail = (node[-1].tail or "") + text
    else:
        node.text = (node.text or "") + text
