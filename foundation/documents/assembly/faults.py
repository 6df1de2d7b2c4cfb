class AssemblyFault(Exception):
    """The parts of a document do not fit together: a fault of the portal. No file is better than a wrong one."""
