"""The live panel of a run on a terminal: what it shows (`scene`), how it is drawn, and the keys that steer it."""
