"""What an export holds, as its tests ask for it."""


def exported(client, slug, query="year=2021"):
    """The rows of a list as .csv, without its heads."""
    response = client.post(f"/exports/{slug}/?{query}", {"format": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return text.splitlines()[1:]
