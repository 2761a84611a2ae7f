import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { SUBCOMMANDS } from '../src/cli/registry.ts'
import { runCli } from '../src/cli/run.ts'
import type { CliContext } from '../src/cli/subcommand.ts'
import { loadPart, PartNotLoaded } from '../src/ops/load-part.ts'

const ROOT = join(import.meta.dirname, '..')

interface Late {
  file: string
  path: string
}

/** What files of the program load when it is first needed. */
const LATE: Late[] = globSync('{src,importers}/**/*.{ts,js}', { cwd: ROOT }).flatMap((file) =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\bimport\('([^']+)'\)/g)].map(([, path]) => ({
    file,
    path: path!.startsWith('.') ? relative(ROOT, join(ROOT, dirname(file), path!)) : path!,
  })),
)

describe('what is loaded late', () => {
  it.each(LATE.filter(({ path }) => path !== 'src/main.ts'))(
    'loads: $path, of $file',
    async ({ path }) => {
      const loaded = (await import(path.endsWith('.ts') ? join(ROOT, path) : path)) as object
      expect(Object.keys(loaded).length).toBeGreaterThan(0)
    },
    60_000,
  )

  it.each(SUBCOMMANDS)('is the subcommand of its name: $name', async ({ name, load }) => {
    expect((await load()).name).toBe(name)
  })

  it('is told in a sentence where it is not there', async () => {
    const load = loadPart('The importer', () => import(join(ROOT, 'no-such-file.ts')))
    await expect(load).rejects.toThrow(PartNotLoaded)
    await expect(load).rejects.toThrow(/^The importer cannot be loaded \(.*no-such-file.*\)\. .*start it again\.$/)
  })
})

it('a subcommand that cannot be loaded is told in a sentence at the terminal', async () => {
  const said: string[] = []
  const load = vi.spyOn(SUBCOMMANDS[0]!, 'load').mockRejectedValue(new Error('no such file'))
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  try {
    expect(await runCli(['serve'], {} as CliContext)).toBe(1)
  } finally {
    load.mockRestore()
    write.mockRestore()
  }
  expect(said.join('')).toMatch(/^The subcommand serve cannot be loaded \(no such file\)\. .*start it again\.\n$/)
})

/** Files and packages that a file brings with it at once. */
function brings(file: string, all = new Set<string>()): Set<string> {
  if (all.has(file)) return all
  all.add(file)
  const text = readFileSync(join(ROOT, file), 'utf8')
  for (const [line, path] of text.matchAll(/^(?:import|export)\s[^;]*?from '([^']+)'/gm)) {
    if (/^(?:import|export) type /.test(line)) continue
    if (path!.startsWith('.')) brings(relative(ROOT, join(ROOT, dirname(file), path!)), all)
    else all.add(path!)
  }
  return all
}

describe('a bridge brings', () => {
  const files = [...brings('src/main.ts'), ...brings('src/cli/serve.ts'), ...brings('src/run-bridge.ts')]

  it('its commands, and no importer, nor a subcommand beside serve', () => {
    expect(files).toContain('src/commands/stamp.ts')
    const others = SUBCOMMANDS.map(({ name }) => `src/cli/${name}.ts`).filter((file) => file !== 'src/cli/serve.ts')
    const late =
      /^importers\/|^src\/operations\/backup\/|^(?:graphql|smol-toml|smee-client|pg-copy-streams|linguist-languages)\b/
    expect(files.filter((file) => others.includes(file) || late.test(file))).toEqual([])
  })

  it('before its servers start little of it', () => {
    const early = [...brings('src/main.ts'), ...brings('src/cli/serve.ts'), ...brings('src/bridge.ts')]
    const packages = early
      .filter((path) => !path.includes('/') || path.startsWith('@'))
      .filter((path) => !path.startsWith('node:'))
    expect(new Set(packages)).toEqual(new Set(['zod', 'pino', 'leven', '@hono/node-server']))
    expect(new Set(early.filter((file) => file.startsWith('src/'))).size).toBeLessThan(45)
  })
})
