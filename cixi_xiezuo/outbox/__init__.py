"""What is to be done in the background, as rows: posted with the change that needs it, gone when done.

The broker carries a row's number and nothing else, so a broker that is away or emptied loses nothing.
"""
