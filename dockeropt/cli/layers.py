"""``dockeropt layers``: what an image is made of."""

import click

from dockeropt.files import write_atomically


@click.command(
    epilog="""\b
Examples:
  dockeropt layers app:1                         an image of the engine
  dockeropt layers registry://ghcr.io/team/app   one of a registry, without pulling it
  dockeropt layers app.tar                       an archive of `docker image save` or an OCI archive

Exit code 4: the image cannot be read."""
)
@click.argument("image")
@click.option(
    "--base", "bases", metavar="IMAGE", multiple=True, help="The image it is FROM. [default: looked for]"
)
@click.option("--platform", metavar="OS/ARCH", help="Which image of an index, such as linux/arm64.")
@click.option(
    "--most", default=10, show_default=True, type=click.IntRange(0), help="Folders, files and copies listed."
)
@click.option(
    "--json", "json_file", metavar="FILE", help="Write everything found to a file; - for standard output."
)
def layers(
    image: str, bases: tuple[str, ...], platform: str | None, most: int, json_file: str | None
) -> None:
    """Show what an image weighs, layer by layer, what takes the space and what no running program needs.

    IMAGE is an image of the engine, an archive, an OCI layout, - for an archive on standard input, or an
    image of a registry. Nothing is unpacked to disk.
    """
    import json

    from dockeropt.measure.image.contents import contents_of
    from dockeropt.measure.image.stored import to_json
    from dockeropt.measure.image.subject import read_subject
    from dockeropt.measure.image.tree import tree_of
    from dockeropt.report.layers import render

    read = read_subject(image, platform, bases)
    tree = tree_of([layer.entries for layer in read.layers])
    contents = contents_of(tree, most)
    text = json.dumps(to_json(read, tree, contents), indent=2, ensure_ascii=False) + "\n"
    if json_file == "-":
        click.echo(text, nl=False)
        return
    click.echo(render(read, tree, contents), nl=False)
    if json_file:
        write_atomically(json_file, text.encode("utf-8", "surrogateescape"))
