"""The character classes BuildKit uses: Go's, not Python's."""

SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""Go's ``unicode.IsSpace``: what BuildKit trims, and what separates the words of ENV, LABEL and ARG.

Python's ``str.isspace`` would add the separators U+001C to U+001F.
"""

BLANK = "\t\v\f\r "
"""What separates a keyword from its arguments, and the words of FROM, COPY, ADD, EXPOSE and VOLUME."""

BYTE_ORDER_MARK = "\ufeff"
