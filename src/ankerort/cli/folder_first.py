"""A group of commands whose first word may be left out."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


class FolderFirst(TyperGroup):
    """``ankerort GROUP DIR`` means ``ankerort GROUP WORD DIR`` with the `default` word of the group."""

    default = ""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # typer brings a click of its own
        """Put the word in front where the first argument is no command."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [self.default, *args]
        return super().parse_args(ctx, args)
