"""A local world of services and file hosts on loopback, for the demo, the tests and the benchmarks."""
