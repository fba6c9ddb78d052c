"""Works in a file of their own that is searched without a network: built once from dumps, asked by printed strings."""
