"""What a person sees: the live panel, tables, and their plain-text twins. It draws data, it fetches none."""
