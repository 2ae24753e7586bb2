#!/usr/bin/env python3
"""The generator's format, version 1, written from docs/generator-format.md. Standard library only.

As a command it checks test vectors, of bytes or of floats, and prints how many it has checked:

    generator-reference.py s3dlio-datagen/src/test/resources/io/s3dlio/datagen/format-v1.tsv
    generator-reference.py s3dlio-datagen/src/test/resources/io/s3dlio/datagen/floats-v1.tsv
"""

import hashlib
import math
import struct
import sys
from fractions import Fraction

MASK = 2**64 - 1
GAMMA = 0x9E3779B97F4A7C15


def rotate_left(x, n):
    return ((x << n) | (x >> (64 - n))) & MASK


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def words(digest):
    return struct.unpack("<4Q", digest)


def floor(x):
    return x.numerator // x.denominator


def half_up(x):
    return floor(x + Fraction(1, 2))


def next_output(s):
    """xoshiro256++."""
    result = (rotate_left((s[0] + s[3]) & MASK, 23) + s[0]) & MASK
    t = (s[1] << 17) & MASK
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= t
    s[3] = rotate_left(s[3], 45)
    return result


class DataSet:
    """Everything that its objects have in common, from the text that names it."""

    def __init__(self, text):
        fields = dict(field.split("=") for field in text.split(";"))
        if fields["v"] != "1":
            raise ValueError("format version " + fields["v"])
        self.compression = Fraction(fields.get("compress", "1"))
        self.dedup = Fraction(fields.get("dedup", "1"))
        self.block = int(fields.get("block", "4096"))
        self.objects = int(fields.get("objects", "0"))
        self.digest = hashlib.sha256(text.encode("ascii")).digest()
        self.unit = min(32768, self.block) if self.dedup > 1 else 32768
        self.page = min(4096, self.block)
        self.head = self.page
        if self.compression > 1:
            budget = floor(self.page / self.compression)
            head = budget - min(53, self.page // 150 + budget // 39)
            self.head = max(24, min(head, self.page - 8))

    def derived(self, purpose, data):
        return words(hashlib.sha256(self.digest + bytes([purpose]) + data).digest())

    def different(self, blocks):
        return max(1, half_up(blocks / self.dedup))


class Object:
    def __init__(self, data_set, key, size, index):
        self.set = data_set
        self.shared = data_set.dedup > 1 and data_set.objects > 0
        self.id = 0 if self.shared else data_set.derived(0, key.encode("utf-8"))[0]
        self.stream = data_set.derived(1, struct.pack("<Q", self.id))
        self.whole, self.tail = divmod(size, data_set.block)
        self.index = index
        self.order = data_set.derived(2, struct.pack("<Q", index))

    def read(self, offset, length):
        out = bytearray()
        while len(out) < length:
            at = offset + len(out)
            start = at % self.set.unit
            unit = self.made_unit(self.unit_at(at))
            out += unit[start : start + length - len(out)]
        return bytes(out)

    def unit_at(self, offset):
        if self.set.dedup == 1:
            return offset // self.set.unit
        block, inside = divmod(offset, self.set.block)
        different = self.shared_block(block) if self.shared else self.own_block(block)
        return different * (self.set.block // self.set.unit) + inside // self.set.unit

    def own_block(self, i):
        different = self.set.different(self.whole + (self.tail > 0))
        if different == 1:
            return 0

        def created(n):
            return min(n, different, 2 + floor(n / self.set.dedup)) if n >= 0 else 0

        now = created(i)
        if created(i + 1) > now:
            return now
        end = now - 1 if now > created(i - 1) else now
        first = max(0, end - 4096)
        copies = i - now
        if first % 2 != copies % 2:
            first += 1
        choices = (end - first + 1) // 2
        pick = mix((self.stream[0] + i * GAMMA) & MASK) >> 1
        return first + 2 * (pick * choices >> 63)

    def shared_block(self, i):
        different = self.set.different(self.set.objects * self.whole) if self.whole else 0
        if i == self.whole:
            tails = self.set.different(self.set.objects)
            return different + half_up(self.index / self.set.dedup) % tails
        start = half_up(self.index * self.whole / self.set.dedup) % different
        once = min(self.whole, different)
        turn, place = divmod(i, once)
        half = (once + 1) // 2
        if place < half:
            moved = self.moved(turn, place, half)
        else:
            moved = half + self.moved(turn, place - half, once - half)
        return (start + moved) % different

    def moved(self, turn, place, count):
        bits = (count - 1).bit_length()
        mask = 2**bits - 1
        x = place
        while True:
            x = (x + self.order[0] + turn) & mask
            for word in self.order[1:]:
                x = (x * (word | 1)) & mask
                x ^= x >> ((bits + 1) // 2)
            if x < count:
                return x

    def made_unit(self, number):
        lanes = [self.seeded(number, lane) for lane in range(16)]
        unit = bytearray()
        for page in range(self.set.unit // self.set.page):
            made = bytearray()
            while len(made) < self.set.head:
                made += struct.pack("<16Q", *[next_output(lane) for lane in lanes])
            if page == 0:
                made[:16] = self.tag(number)
            del made[self.set.head :]
            repeated = made[-6:]
            while len(made) < self.set.page:
                made += repeated
            unit += made[: self.set.page]
        return unit

    def seeded(self, unit, lane):
        a = (self.stream[0] + unit * GAMMA) & MASK
        b = (self.stream[1] + lane * GAMMA) & MASK
        c, d = self.stream[2:]
        for _ in range(3):
            for right_d, right_b in ((32, 24), (16, 63)):
                a = (a + b) & MASK
                d = rotate_left(d ^ a, 64 - right_d)
                c = (c + d) & MASK
                b = rotate_left(b ^ c, 64 - right_b)
        return [a, b, c, d]

    def tag(self, unit):
        d = words(self.set.digest)
        x, y = self.id, unit
        x ^= mix((y + d[0]) & MASK)
        y ^= mix((x + d[1]) & MASK)
        x ^= mix((y + d[2]) & MASK)
        y ^= mix((x + d[3]) & MASK)
        return struct.pack("<2Q", x, y)


def f32(x):
    """The nearest 32-bit float. Of a sum or product of two of them, made as doubles, it is exact."""
    return struct.unpack("<f", struct.pack("<f", x))[0]


class Floats:
    """Rows of floats in [low, high)."""

    def __init__(self, seed, key, dimension, low, high, normalized):
        self.stream = Object(DataSet("v=1;seed=" + seed), key, 2**63 - 1, 0)
        self.dimension = dimension
        self.low = f32(low)
        self.high = f32(high)
        self.normalized = normalized
        fits = 0
        above = struct.unpack("<I", struct.pack("<f", f32(self.high - self.low)))[0] + 1
        while above - fits > 1:
            middle = (fits + above) // 2
            self.width = struct.unpack("<f", struct.pack("<I", middle))[0]
            if self.scaled(2**24 - 1) < self.high:
                fits = middle
            else:
                above = middle
        self.width = struct.unpack("<f", struct.pack("<I", fits))[0]

    def scaled(self, n):
        return f32(self.low + f32(n / 2**24 * self.width))

    def read(self, first_row, rows):
        row = 4 * self.dimension
        data = self.stream.read(first_row * row, rows * row)
        made = [self.scaled(word[0] >> 8) for word in struct.iter_unpack("<I", data)]
        if self.normalized:
            for at in range(0, len(made), self.dimension):
                made[at : at + self.dimension] = unit(made[at : at + self.dimension])
        return struct.pack("<%df" % len(made), *made)


def unit(row):
    sums = [0.0] * 8
    for i, x in enumerate(row):
        sums[i % 8] += x * x
    s = sums
    squares = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]))
    if squares == 0:
        return [1.0] + row[1:]
    length = math.sqrt(squares)
    e = min(127, 1 - math.frexp(length)[1])
    factor = f32(1 / math.ldexp(length, e))
    return [f32(f32(math.ldexp(x, e)) * factor) for x in row]


def read_bytes(text, key, size, index, offset, length):
    return Object(DataSet(text), key, int(size), int(index)).read(int(offset), int(length))


def read_floats(seed, key, dimension, low, high, normalized, first_row, rows):
    floats = Floats(seed, key, int(dimension), float(low), float(high), normalized == "true")
    return floats.read(int(first_row), int(rows))


def check(path):
    checked = 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#"):
                continue
            *what, first, sha256 = line.rstrip("\n").split("\t")
            data = (read_bytes if len(what) == 6 else read_floats)(*what)
            if data[:16].hex() != first or hashlib.sha256(data).hexdigest() != sha256:
                sys.exit("wrong: " + line)
            checked += 1
    print(checked, "vectors are right")


if __name__ == "__main__":
    check(sys.argv[1])
