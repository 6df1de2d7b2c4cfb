"""What stands for the alternative text of a picture that nobody has described yet.

Rich text shows it in a page and in a document; the machine check of a PDF takes it for what it is, a missing text.
"""

from typing import Final

NOT_DESCRIBED: Final = "Picture that nobody has described yet"
