"""The commands, one file each; a command fetches data and hands it to `ui` to draw."""
