"""Names that file names can be made of."""

_FORBIDDEN = frozenset('<>:"/\\|?*_\x7f')


def sanitize_name(input_str: str, suppress_warnings: bool = False) -> str:
    """The name with every character that file names cannot carry, blanks and ``_`` replaced by ``-``.

    ``-`` at the ends goes. A change is a ``UserWarning`` unless ``suppress_warnings``.

    Raises:
        ValueError: nothing is left.

    >>> sanitize_name("my_object 1", suppress_warnings=True)
    'my-object-1'
    """
    name = "".join("-" if c in _FORBIDDEN or c.isspace() or c < " " else c for c in input_str).strip("-")
    if not name:
        from copick_native.errors import ValidationError

        raise ValidationError(f"the name '{input_str}' has no character that a file name could keep")
    if name != input_str and not suppress_warnings:
        import warnings

        warnings.warn(
            f"the name '{input_str}' holds characters that file names cannot carry; '{name}' is used",
            UserWarning,
            stacklevel=2,
        )
    return name
