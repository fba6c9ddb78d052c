"""PDFs read by the workers of a Dask cluster, on other machines. Dask is imported only where a cluster is used."""
