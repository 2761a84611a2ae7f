import { readFileSync } from 'node:fs'

const SCHEMAS = new URL('../../../schema/', import.meta.url)

/** The statements of `schema/<file>`, each of which may run again. */
export function readSchema(file: string): string[] {
  return readFileSync(new URL(file, SCHEMAS), 'utf8')
    .replace(/^--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
