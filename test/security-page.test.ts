import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const page = readFileSync(new URL('../docs/security.md', import.meta.url), 'utf8')
const named = [...page.matchAll(/`(test\/[\w./-]+\.test\.ts) › ([^`]+)`/g)].map(
  ([, file, title]) => [file!, title!] as const,
)

test('docs/security.md names a test for each defence', () => {
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && line.split(' | ').length === 3)
  const defences = rows.filter(
    (row) => !/^\| (?:attack|who) /.test(row) && page.indexOf(row) > page.indexOf('## Nobody stops it'),
  )
  expect(defences.length).toBeGreaterThan(20)
  expect(defences.filter((row) => !row.includes('test/'))).toEqual([])
})

test.each(named)('docs/security.md is right that %s has the test "%s"', (file, title) => {
  const path = new URL(`../${file}`, import.meta.url)
  expect(existsSync(path)).toBe(true)
  expect(readFileSync(path, 'utf8')).toContain(title)
})
