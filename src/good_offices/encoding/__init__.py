"""Canonical bytes: one value, one encoding; strict text. See spec/encoding.md."""

from good_offices.encoding.canonical import MAX_BYTES, decode, digest, encode
from good_offices.encoding.plaintext import check_text, check_words
from good_offices.encoding.records import Record, image, pack, unpack

__all__ = [
    "MAX_BYTES",
    "Record",
    "check_text",
    "check_words",
    "decode",
    "digest",
    "encode",
    "image",
    "pack",
    "unpack",
]
