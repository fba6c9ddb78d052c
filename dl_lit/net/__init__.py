"""The polite HTTP layer: limits, budgets, breakers, retries and the address guard. It knows no bibliography."""
