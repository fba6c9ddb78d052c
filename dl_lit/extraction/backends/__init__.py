"""The programs that read text out of a PDF; each turns a page into the same `Page`."""
