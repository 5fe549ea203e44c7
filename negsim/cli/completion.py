"""`negsim completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from negsim.cli.common import debug_option, guarded

SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@debug_option
@guarded
def command(*, shell: str) -> None:
    """A script that completes negsim's commands, options, scenarios and runs.

    For bash: negsim completion bash >> ~/.bashrc. For zsh: the same with ~/.zshrc. For fish: into
    ~/.config/fish/completions/negsim.fish.
    """
    from negsim.cli import main  # noqa: PLC0415 - the group is whole by now

    made = get_completion_class(shell)
    if made is None:
        raise TypeError(f"click knows no shell {shell}")
    click.echo(made(main, {}, "negsim", "_NEGSIM_COMPLETE").source())
