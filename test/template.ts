import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the stores that worlds start from are made; see `scenarios/template.ts`. */
    template: string
  }
}

export default async function setup(project: TestProject) {
  const dir = await mkdtemp(join(tmpdir(), 'wasteland-template-'))
  project.provide('template', dir)
  return () => rm(dir, { recursive: true, force: true })
}
