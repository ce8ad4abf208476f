"""Encryption by age: backups are written with a public key, and only who holds the secret one reads them."""

from __future__ import annotations

import pyrage

from cixi_xiezuo.errors import Refused


class Writer:
    """Encrypts with a public key (`age1…`); without one, leaves bytes as they are."""

    def __init__(self, public_key: str = "") -> None:
        self.suffix = ".age" if public_key else ""
        self._to = None
        if public_key:
            try:
                self._to = pyrage.x25519.Recipient.from_str(public_key.strip())
            except pyrage.RecipientError as error:
                raise Refused("公钥不正确，应以 age1 开头，由 age-keygen 生成") from error

    def seal(self, data: bytes) -> bytes:
        return data if self._to is None else pyrage.encrypt(data, [self._to])


class Reader:
    """Decrypts with a secret key (`AGE-SECRET-KEY-…`)."""

    def __init__(self, encrypted: bool, secret_key: str = "") -> None:
        self.suffix = ".age" if encrypted else ""
        self._with = None
        if not encrypted:
            return
        if not secret_key.strip():
            raise Refused("这份备份是加密的，请用 --key-file 给出私钥文件")
        try:
            self._with = pyrage.x25519.Identity.from_str(secret_key.strip())
        except pyrage.IdentityError as error:
            raise Refused("私钥不正确，应以 AGE-SECRET-KEY- 开头") from error

    def open(self, data: bytes) -> bytes:
        """Raises Refused when the key is another's or a byte was changed."""
        if self._with is None:
            return data
        try:
            return bytes(pyrage.decrypt(data, [self._with]))
        except pyrage.DecryptError as error:
            raise Refused("解不开这份备份：私钥不对，或文件已损坏") from error


def read_key(path: str) -> str:
    """The key of a key file as age-keygen writes it: lines that begin with # are remarks."""
    try:
        with open(path, encoding="utf-8") as file:
            lines = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"读不到密钥文件 {path}") from error
    if len(lines) != 1:
        raise Refused(f"密钥文件 {path} 中应恰有一行密钥")
    return lines[0]
