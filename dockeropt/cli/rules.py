"""``dockeropt rules``: the list of rules."""

import click


@click.command()
def rules() -> None:
    """List every rule: code, severity, name."""
    from dockeropt.checks.registry import rules as all_rules

    for rule in sorted(all_rules(), key=lambda rule: rule.code):
        aliases = f"  ({', '.join(rule.aliases)})" if rule.aliases else ""
        click.echo(f"{rule.code:<8} {rule.severity.value:<8} {rule.slug}{aliases}")
    click.echo(f"{'SC…':<8} {'':<8} shellcheck  (ShellCheck's own codes, with its own severities)")
