import { parentPort, workerData } from 'node:worker_threads'
import { type Acceptance, readAcceptance } from '../domain/acceptance.ts'
import { plainText } from '../domain/markdown.ts'
import { type Name, readNames } from '../domain/named-lines.ts'
import { parseYaml, type Yaml } from '../domain/yaml.ts'

/**
 * The parsers of strangers' text that take more than linear time; `read` runs them, on the main thread or in the
 * worker.
 */
const READERS = { plain: plainText, acceptance: readAcceptance, names: readNames, yaml: parseYaml }

/** Marks our worker's start: this file may also be imported in another worker. */
export const TEXT_WORKER = 'text-worker'

export type Reader = keyof typeof READERS
export type Result = string | Acceptance | Name[] | Yaml

export function read(reader: Reader, text: string): Result {
  return READERS[reader](text)
}

// The worker's half of text-reader.ts: one text in, one result out; undefined where the text is too deep for the stack.
if (parentPort !== null && workerData === TEXT_WORKER) {
  const port = parentPort
  port.on('message', ({ reader, text }: { reader: Reader; text: string }) => {
    try {
      port.postMessage({ result: read(reader, text) })
    } catch {
      port.postMessage({ result: undefined })
    }
  })
  // Warms up the JIT: compiled code is several times as fast, and the time that is measured later must be the text's
  // and not our start's.
  for (let n = 0; n < 20; n++) plainText('# a\n\n> b\n\n- [ ] c `d` [e](f)\n\n```\ng\n```\n'.repeat(10))
  port.postMessage('ready')
}
