"""What counts as white space at the ends of a value and inside an id."""

from __future__ import annotations

WHITE_SPACE = "".join(
    (
        "\t\n\v\f\r \x85\xa0\u1680",
        "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a",
        "\u2028\u2029\u202f\u205f\u3000\ufeff",
    )
)
"""Unicode white space, and the byte order mark that some exports leave between their parts."""
