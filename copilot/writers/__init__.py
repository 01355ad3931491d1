"""Who fills a job's structure: templates, or a chat model."""
