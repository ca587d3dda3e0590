"""ShellCheck on the scripts of RUN: what it is given, how it is run, and its findings in the Dockerfile."""
