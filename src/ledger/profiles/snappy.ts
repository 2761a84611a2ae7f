/**
 * Decompresses one raw Snappy block (google/snappy, format_description.txt): Dolt's chunks are such blocks. Throws
 * RangeError for a malformed one.
 */
export function unsnappy(packed: Buffer): Buffer {
  const { size, start } = readSize(packed)
  const out = Buffer.alloc(size)
  let to = 0
  for (let at = start; at < packed.length;) {
    const tag = packed[at++]!
    if ((tag & 3) === 0) {
      const bytes = Math.max(0, (tag >> 2) - 59)
      const length = (bytes === 0 ? tag >> 2 : packed.readUIntLE(at, bytes)) + 1
      at += bytes
      // Fewer where the block breaks off, or holds more than it says.
      if (packed.copy(out, to, at, at + length) !== length) throw new RangeError('not a Snappy block')
      to += length
      at += length
    } else {
      const { length, distance, bytes } = readCopy(packed, at, tag)
      if (distance === 0 || distance > to || to + length > size) throw new RangeError('not a Snappy block')
      at += bytes
      // Byte by byte, because a copy may overlap its own output.
      for (const end = to + length; to < end; to++) out[to] = out[to - distance]!
    }
  }
  if (to !== size) throw new RangeError('not a Snappy block')
  return out
}

const LONGEST = 2 ** 30

/** Reads the varint with the uncompressed size. */
function readSize(packed: Buffer): { size: number; start: number } {
  let size = 0
  for (let start = 0; start < Math.min(5, packed.length); start++) {
    size += (packed[start]! & 127) * 2 ** (7 * start)
    if (packed[start]! < 128 && size < LONGEST) return { size, start: start + 1 }
  }
  throw new RangeError('not a Snappy block')
}

function readCopy(packed: Buffer, at: number, tag: number): { length: number; distance: number; bytes: number } {
  if ((tag & 3) === 1)
    return { length: ((tag >> 2) & 7) + 4, distance: ((tag >> 5) << 8) | packed.readUInt8(at), bytes: 1 }
  const bytes = (tag & 3) === 2 ? 2 : 4
  return { length: (tag >> 2) + 1, distance: packed.readUIntLE(at, bytes), bytes }
}
