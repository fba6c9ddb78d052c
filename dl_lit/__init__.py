"""dl-lit: from a folder of PDFs to a library of the works they cite."""

__version__ = "0.1.0"
