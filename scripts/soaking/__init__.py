"""What `scripts/soak` is made of: a small world, runs that are disturbed, and what must hold afterwards."""
