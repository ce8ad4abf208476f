"""All families together."""

from tests.security.hostile import archives, disguises, documents, names, ofds, packages, pdfs, pictures, xmls

CORPUS = [
    hostile
    for family in (
        archives.FAMILY,
        disguises.FAMILY,
        documents.FAMILY,
        names.FAMILY,
        ofds.FAMILY,
        packages.FAMILY,
        pdfs.FAMILY,
        pictures.FAMILY,
        xmls.FAMILY,
    )
    for hostile in family
]
