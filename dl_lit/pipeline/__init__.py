"""The machinery of the run: claims, bounded queues, workers, progress and shutdown. It knows no bibliography."""
