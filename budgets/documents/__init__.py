"""Files made from frozen figures, by a worker and never in a request."""
