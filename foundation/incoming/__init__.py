"""Files that people bring in: kept, read once by a worker or refused in words, looked through, and gone in time.

The apps say what reading one means (`kinds.Kind`), which words people are told, and what applying it changes.
"""
