"""Writes data/ anew, always the same: python3 generators/generate.py (from the package's root)."""

import pathlib
from decimal import Decimal, getcontext

getcontext().prec = 60


def write(name, a, r, p, m):
    path = pathlib.Path("data") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".in").write_text(f"{a} {r} {p} {m}\n")
    kept = 1 - Decimal(p) / 100
    shrunk = Decimal(1) if m == 0 else kept**m
    result = Decimal(r) + (Decimal(a) - Decimal(r)) * shrunk
    path.with_suffix(".ans").write_text(f"{result:.12f}\n")


write("sample/1", "90", "20", "10", 1)
write("sample/2", "80.5", "-3.25", "2.5", 30)
write("secret/01-now", "95.5", "21", "50", 0)
write("secret/02-still", "21.75", "21.75", "3", 1000)
write("secret/03-at-once", "100", "-100", "100", 1)
write("secret/04-never", "60.01", "19.99", "0", 10**9)
write("secret/05-warms", "-18", "22.5", "1.75", 45)
write("secret/06-hour", "88.8", "18.5", "4.2", 60)
write("secret/07-slow", "99.99", "0", "0.0001", 1_000_000)
write("secret/08-slower", "73.2", "11.11", "0.0001", 999_999)
write("secret/09-ages", "99.99", "20.02", "0.0001", 10**9)
write("secret/10-cold", "-100", "-99.99", "0.0002", 123_456_789)
