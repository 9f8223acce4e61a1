"""A call of a query once more, for whoever looks for its mistake: from a folder, with or without a debugger, sealed or not."""
