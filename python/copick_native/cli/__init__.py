"""What command-line tools for copick projects share: options and parameter types for click."""
