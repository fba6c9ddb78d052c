"""Makes test documents: whole papers as PDFs, set from printed references, with the gold that the scorer reads."""
