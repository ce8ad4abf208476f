"""通报: a year's figures in official wording, as a document to be edited and as one to be read."""
