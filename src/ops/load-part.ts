/** A part of the program could not be loaded when it was first needed: its files have changed since the start, or lack one. */
export class PartNotLoaded extends Error {
  override name = 'PartNotLoaded'

  constructor(part: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    super(
      `${part} cannot be loaded (${why}). The files of the program have changed since it was started, or are not whole: ` +
        'install it again (npm ci), and start it again.',
      { cause },
    )
  }
}

/** Loads a part of the program, such as the importer, when it is first needed: what is seldom used costs no memory. */
export async function loadPart<T>(part: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    throw new PartNotLoaded(part, error)
  }
}
