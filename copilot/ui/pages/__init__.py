"""One module a page, one page a job."""
