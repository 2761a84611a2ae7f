/** A body that was read. It counts as held until it is let go. */
export interface Held {
  bytes: Buffer
  letGo(): void
}

/** Reads a body, or says with which status it is refused: 413 for too many bytes, 503 while too much is held or too slow. */
export type Intake = (body: Request['body'], announced: number) => Promise<Held | 413 | 503>

export interface Bounds {
  /** Bytes of one body. */
  most: number
  /** Bytes of all bodies that are being read or held: anybody can send us some. */
  atOnce: number
  /** How long one may take to come in. */
  ms: number
}

export function createIntake({ most, atOnce, ms }: Bounds): Intake {
  let held = 0
  return async (body, announced) => {
    if (announced > most) return 413
    if (body === null) return { bytes: Buffer.alloc(0), letGo() {} }
    if (held + announced > atOnce) return 503
    const reader = body.getReader()
    const chunks: Uint8Array[] = []
    let size = 0
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      stop()
    }, ms)
    const stop = () => void reader.cancel().catch(() => {})
    const letGo = () => {
      held -= size
      size = 0
    }
    const refuse = (status: 413 | 503) => {
      stop()
      letGo()
      return status
    }
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        size += next.value.length
        held += next.value.length
        if (size > most) return refuse(413)
        if (held > atOnce) return refuse(503)
        chunks.push(next.value)
      }
    } catch (error) {
      letGo()
      throw error
    } finally {
      clearTimeout(timer)
    }
    return isLate ? refuse(503) : { bytes: Buffer.concat(chunks), letGo }
  }
}
