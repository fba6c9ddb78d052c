"""What `scripts/bench_extraction` measures: accuracy against gold references, and speed."""
